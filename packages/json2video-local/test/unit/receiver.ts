import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:http';

import { afterEach } from 'vitest';

interface Received {
  readonly method: string;
  readonly path: string;
  readonly contentType: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What the next callbacks are answered with; `silent` never answers. */
  reply: { code: number; headers?: Record<string, string> } | 'silent';
  /** Cuts the callbacks that were left without an answer. */
  hangUp(): void;
}

const open = new Set<() => Promise<void>>();

/** A webhook receiver; closed after the test. */
export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    received: [],
    reply: { code: 200 },
    hangUp: () => server.closeAllConnections(),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      receiver.received.push({
        method: request.method ?? '',
        path: request.url ?? '',
        contentType: request.headers['content-type'],
        headers: request.headers,
        text,
      });
      if (receiver.reply === 'silent') return;
      response.writeHead(receiver.reply.code, receiver.reply.headers).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  open.add(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return Object.assign(receiver, { url: `http://127.0.0.1:${port}` });
}

export function releaseReceivers(): void {
  afterEach(async () => {
    await Promise.all([...open].map((close) => close()));
    open.clear();
  });
}

/** An `exports` entry with one webhook per endpoint. */
export const exportsTo = (...endpoints: string[]): object => ({
  exports: [{ destinations: endpoints.map((endpoint) => ({ type: 'webhook', endpoint })) }],
});

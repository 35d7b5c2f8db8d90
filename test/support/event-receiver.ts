import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { taken } from './taken.js';

/** A request that a receiver got. */
export interface ReceivedEvent {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

/** A receiver of events on this machine. */
export interface EventReceiver {
  readonly url: string;
  readonly port: number;
  readonly received: ReceivedEvent[];
  stop(): Promise<void>;
}

/** Starts a receiver that keeps what it gets, and answers as told; 204 by default. */
export async function startEventReceiver(
  answer: (response: ServerResponse, event: ReceivedEvent, number: number) => void = (response) =>
    void response.writeHead(204).end(),
  port = 0,
): Promise<EventReceiver> {
  const received: ReceivedEvent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const event = { headers: request.headers, body: Buffer.concat(chunks).toString(), atMs: Date.now() };
      received.push(event);
      answer(response, event, received.length);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}/events`,
    port: bound,
    received,
    stop: taken(`the receiver of events at ${bound}`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}

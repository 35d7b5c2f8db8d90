import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseJson } from '../../src/text/json.js';
import { taken } from './taken.js';

/** Answers a request for the file of a project. */
type FileAnswer = (response: ServerResponse, project: string) => void;

/** A provider whose videos are as large as a test wants: the local JSON2Video with another file behind each link. */
export interface LargeVideos {
  readonly url: string;
  /** Requests for files so far. */
  downloads(): number;
  answerWith(answer: FileAnswer): void;
  close(): Promise<void>;
}

/** @param sizeBytes the size that the provider names; null if it names none */
export async function startLargeVideos(
  target: string,
  sizeBytes: number | null,
  first: FileAnswer,
): Promise<LargeVideos> {
  let answer = first;
  let downloads = 0;
  const server = createServer((request, response) => {
    const [, project] = /^\/large\/(\w+)\.mp4/.exec(request.url ?? '') ?? [];
    if (project === undefined) return void forward(target, request, response, rewrite);
    downloads += 1;
    return answer(response, project);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const rewrite = (body: string): string => {
    const parsed = parseJson(body) as { movie?: Record<string, unknown> } | undefined;
    const movie = parsed?.movie;
    if (movie === undefined || typeof movie['url'] !== 'string') return body;
    const large = { ...movie, url: `${url}/large/${String(movie['project'])}.mp4`, size: sizeBytes };
    return JSON.stringify({ ...parsed, movie: large });
  };
  return {
    url,
    downloads: () => downloads,
    answerWith: (next) => void (answer = next),
    close: taken('a provider of large videos', async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}

/** Passes a request on to the local JSON2Video, and its answer back, rewritten. */
async function forward(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  rewrite: (body: string) => string,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const { method = 'GET', url = '/', headers } = request;
  const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
  const sent = { 'x-api-key': String(headers['x-api-key']), 'content-type': 'application/json' };
  try {
    const reply = await fetch(`${target}${url}`, { method, headers: sent, ...body });
    const text = rewrite(await reply.text());
    const type = reply.headers.get('content-type') ?? 'application/json';
    response.writeHead(reply.status, { 'content-type': type }).end(text);
  } catch {
    response.destroy();
  }
}

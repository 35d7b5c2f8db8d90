import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { taken } from './taken.js';

/** Answers one request for a file. */
type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** The provider's file server, as a test wants it to be. */
export interface VideoServer {
  readonly url: string;
  /** Requests so far. */
  requests(): number;
  /** Sets the answers of the next requests; the last one stays. */
  answerWith(...answers: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function startVideoServer(...answers: readonly Answer[]): Promise<VideoServer> {
  let queue = [...answers];
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    answer?.(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests: () => requests,
    answerWith: (...next) => void (queue = [...next]),
    close: taken('a file server', async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }),
  };
}

/** Serves the whole file. */
export const whole =
  (file: Buffer): Answer =>
  (response) =>
    void response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': file.length }).end(file);

/** Announces the whole file, and cuts the connection after so many bytes. */
export const cutAfter =
  (file: Buffer, bytes: number): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': file.length });
    response.write(file.subarray(0, bytes), () => response.socket?.destroy());
  };

/** Answers with a status and a text. */
export const says =
  (status: number, body: string, headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, { 'content-length': Buffer.byteLength(body), ...headers }).end(body);

/** Answers without saying how long the file is. */
export const inChunks: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'video/mp4' });
  response.write('ftyp');
  response.end('more');
};

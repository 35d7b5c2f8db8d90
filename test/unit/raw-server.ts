import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterAll, afterEach, expect, vi } from 'vitest';

/** One connection as the server sees it. */
export interface Connection {
  readonly socket: Socket;
  /** All bytes that came. */
  readonly bytes: () => Buffer;
  /** Resolves with the request's head and body once both are whole. */
  readonly request: Promise<RawRequest>;
  readonly closed: Promise<void>;
}

export interface RawRequest {
  readonly head: string;
  readonly body: Buffer;
}

export interface RawServer {
  readonly url: URL;
  readonly connections: readonly Connection[];
  /** The next connection that is accepted, or the first one if it is there already. */
  first(): Promise<Connection>;
  /** How many requests began, on all connections. */
  requests(): number;
}

const servers = new Set<Server>();
const sockets = new Set<Socket>();

const observe = (socket: Socket): Connection => {
  const chunks: Buffer[] = [];
  const bytes = (): Buffer => Buffer.concat(chunks);
  sockets.add(socket);
  // A peer that resets is part of the tests, not an error of theirs.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      sockets.delete(socket);
      resolve();
    });
  });
  const request = new Promise<RawRequest>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      const whole = requestIn(bytes());
      if (whole) resolve(whole);
    });
  });
  return { socket, bytes, request, closed };
};

function requestIn(bytes: Buffer): RawRequest | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString('latin1');
  const body = bytes.subarray(end + 4);
  const sizeBytes = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
  return body.length < sizeBytes ? undefined : { head, body };
}

/** A server of bytes on a free loopback port; `serve` is called for each connection that it accepts. */
export async function startRawServer(
  serve: (connection: Connection) => void | Promise<void> = () => undefined,
  tls?: TlsOptions,
): Promise<RawServer> {
  const connections: Connection[] = [];
  const waiting: ((connection: Connection) => void)[] = [];
  const accept = (socket: Socket): void => {
    const connection = observe(socket);
    connections.push(connection);
    for (const resolve of waiting.splice(0)) resolve(connection);
    void serve(connection);
  };
  const server = tls === undefined ? createTcpServer(accept) : createTlsServer(tls, accept);
  if (tls !== undefined) {
    server.on('connection', (socket: Socket) =>
      sockets.add(socket.once('close', () => sockets.delete(socket))),
    );
  }
  servers.add(server);
  const port = await listen(server);
  return {
    url: new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/v2/movies`),
    connections,
    first: () => {
      const [connection] = connections;
      return connection ? Promise.resolve(connection) : new Promise((resolve) => waiting.push(resolve));
    },
    requests: () =>
      connections.reduce(
        (sum, { bytes }) =>
          sum +
          (bytes()
            .toString('latin1')
            .match(/^POST /gm)?.length ?? 0),
        0,
      ),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('the server has no port'));
      else resolve(address.port);
    });
  });
}

/** A URL on which nothing listens. */
export async function refusedUrl(): Promise<URL> {
  const { url } = await startRawServer();
  await closeAll();
  return url;
}

/** A server that answers each whole request with these bytes, and leaves the connection to the client. */
export function answering(...parts: readonly (string | Buffer)[]): Promise<RawServer> {
  return startRawServer(async ({ request, socket }) => {
    await request;
    for (const part of parts) socket.write(part);
  });
}

/** A reply with a JSON body that is announced to the byte. */
export function jsonReply(status: string, body: object, headers: readonly string[] = []): string {
  const text = JSON.stringify(body);
  const head = [`HTTP/1.1 ${status}`, 'content-type: application/json', ...headers];
  return `${head.join('\r\n')}\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** A promise with its resolvers outside. */
export function deferred<T = void>(): {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

async function closeAll(): Promise<void> {
  for (const socket of sockets) socket.destroy();
  await Promise.all([...servers].map((server) => new Promise((resolve) => server.close(resolve))));
  servers.clear();
}

const openSockets = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => /^(TCPServer|TCPSocket|TLS|TCP)Wrap$/.test(kind));

/** Closes every server after its test, and reports servers and sockets that the file's tests leave behind. */
export function releaseServers(): void {
  afterEach(closeAll);
  afterAll(async () => {
    await vi.waitFor(() => expect(openSockets()).toEqual([]), { timeout: 2_000 });
  });
}

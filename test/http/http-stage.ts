import { connect } from 'node:net';
import type { Running } from '../support/processes.js';
import { CARD, openStage, type Stage, type StageOptions } from '../support/stage.js';

/** An answer of the HTTP API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The document; an empty one if there is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends one request to a server of the stage. */
export async function call(
  server: Pick<Running, 'said'>,
  method: string,
  path: string,
  how: Call = {},
): Promise<Answer> {
  const { token, body, headers = {}, signal } = how;
  const reply = await fetch(`${String(server.said['url'])}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await reply.text();
  const isJson = /json/.test(reply.headers.get('content-type') ?? '');
  return { status: reply.status, headers: reply.headers, text, body: isJson ? JSON.parse(text) : {} };
}

/** The path of a key. */
export const pathOf = (key: string, tail = ''): string => `/v1/renders/${encodeURIComponent(key)}${tail}`;

/** The body of a submission. */
export const MOVIE = { movie: CARD } as const;

/** A stage with HTTP servers. */
export interface HttpStage extends Stage {
  readonly servers: readonly [Running, Running];
}

/** Opens a stage with a worker in this process and two servers. */
export async function openHttpStage(
  options: StageOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<HttpStage> {
  const stage = await openStage(options);
  const [one, other] = await Promise.all([
    stage.startServer(env),
    stage.startServer(env),
    stage.hostWorker(),
  ]);
  return { ...stage, servers: [one, other] };
}

/** Sends bytes as they are, and returns all that comes back before the connection closes or the time is up. */
export function sendRaw(running: Running, bytes: string, waitMs: number): Promise<string> {
  const { hostname, port } = new URL(String(running.said['url']));
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    const timer = setTimeout(() => socket.destroy(), waitMs);
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', reject);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

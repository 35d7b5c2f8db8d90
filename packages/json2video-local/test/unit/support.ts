import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

import { afterAll, afterEach, expect, vi } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video, FakeOptions } from '../../src/index.js';
import { startFakeJson2Video } from '../../src/index.js';

export const START = '2026-11-15T12:00:00.000Z';

export interface Answer {
  readonly code: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  readonly json: unknown;
}

export interface CallOptions {
  readonly method?: string;
  /** null: no key at all. Default: the fake's own. */
  readonly apiKey?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

const running = new Set<FakeJson2Video>();

/** A fake whose clock starts at {@link START}; closed after the test. */
export async function startFake(options: FakeOptions = {}): Promise<FakeJson2Video> {
  const fake = await startFakeJson2Video({ startAt: START, ...options });
  running.add(fake);
  return fake;
}

const openSockets = (): string[] =>
  process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap' || kind === 'TCPSocketWrap');

/** Closes every fake after its test, and finds what one has left behind. */
export function releaseFakes(): void {
  afterEach(async () => {
    await Promise.all([...running].map((fake) => fake.close()));
    running.clear();
  });
  afterAll(async () => {
    await vi.waitFor(() => expect(openSockets()).toEqual([]), { timeout: 2_000 });
  });
}

/** A plain client: one connection a call, nothing retried, the raw error on failure. */
export function call(fake: { url: string }, path: string, options: CallOptions = {}): Promise<Answer> {
  const { method = 'GET', apiKey = 'local-key', body, headers = {}, signal } = options;
  const key = apiKey === null ? {} : { 'x-api-key': apiKey };
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(`${fake.url}${path}`, {
      method,
      agent: false,
      headers: {
        ...key,
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(signal === undefined ? {} : { signal }),
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({
          code: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          bytes,
          json: parsed(text),
        });
      });
    });
    outgoing.end(payload);
  });
}

export const post = (
  fake: { url: string },
  body: unknown,
  options: Omit<CallOptions, 'body'> = {},
): Promise<Answer> => call(fake, '/v2/movies', { method: 'POST', body, ...options });

/** A movie of `seconds`, marked with a key. */
export const movieOf = (key: string, seconds = 5, more: object = {}): Record<string, unknown> => ({
  scenes: [{ duration: seconds, elements: [{ type: 'text', text: 'Hello' }] }],
  'client-data': { renderonce: { key }, order: 1 },
  ...more,
});

/** Submits a movie that is accepted, and returns its project. */
export async function submit(fake: FakeJson2Video, movie: object = movieOf('a')): Promise<string> {
  const answer = await post(fake, movie);
  return z.object({ project: z.string() }).parse(answer.json).project;
}

const movieReply = z.object({ movie: z.record(z.string(), z.unknown()) });

/** The `movie` object of a status call. */
export async function status(fake: FakeJson2Video, project: string): Promise<Record<string, unknown>> {
  const answer = await call(fake, `/v2/movies?project=${project}&format=simple`);
  return movieReply.parse(answer.json).movie;
}

/** The code of the error a call fails with; a call that does not fail is an error here. */
export async function failureOf(calling: Promise<Answer>): Promise<string> {
  try {
    await calling;
  } catch (error) {
    return z.object({ code: z.string() }).parse(error).code;
  }
  throw new Error('The call was answered.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Waits until it is so; a test that waits in vain fails with its name. */
export async function until(isSo: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(isSo()).toBe(true), { timeout: 5_000, interval: 5 });
}

import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';

import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import { call, movieOf, releaseFakes, startFake, status, submit, until } from './support.js';

/** Time between two messages of a stream. */
const EVENT_INTERVAL_MS = 100;

const open = new Set<() => void>();
afterEach(() => {
  for (const close of open) close();
  open.clear();
});
releaseFakes();

const eventData = z.object({
  now: z.string(),
  timeScale: z.number(),
  movieCount: z.number(),
  faults: z.number(),
  credits: z.object({ balance: z.number() }),
  movies: z.array(z.looseObject({ project: z.string(), status: z.string(), shown: z.string() })).default([]),
  requests: z.array(z.looseObject({ seq: z.number(), status: z.number().nullable() })).default([]),
});
interface SeenEvent {
  readonly event: string;
  readonly data: z.infer<typeof eventData>;
}

/** Reads the event stream until the test is over. */
async function watch(fake: FakeJson2Video): Promise<{ response: IncomingMessage; events: SeenEvent[] }> {
  const events: SeenEvent[] = [];
  const response = await new Promise<IncomingMessage>((resolve) => {
    const outgoing = get(`${fake.url}/_fake/events`, { agent: false }, resolve);
    outgoing.on('error', () => undefined);
    open.add(() => outgoing.destroy());
  });
  let rest = '';
  response.setEncoding('utf8');
  response.on('error', () => undefined);
  response.on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const [, event = '', text = ''] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
      events.push({ event, data: eventData.parse(JSON.parse(text)) });
    }
  });
  return { response, events };
}

describe('GET /_fake/events', () => {
  test('a snapshot of what is, then what changes, as it changes', async () => {
    const fake = await startFake({ fixedClock: true });
    const project = await submit(fake);
    const { response, events } = await watch(fake);
    await until(() => events.length === 1);
    expect(response.headers['content-type']).toBe('text/event-stream');
    expect(events[0]).toMatchObject({
      event: 'snapshot',
      data: { movieCount: 1, timeScale: 0, movies: [{ project, status: 'pending' }], requests: [{ seq: 1 }] },
    });
    fake.advance(2);
    await until(() => events.at(-1)?.data.movies[0]?.status === 'running');
    fake.advance(60);
    await until(() => events.at(-1)?.data.movies[0]?.status === 'done');
    expect(events.at(-1)).toMatchObject({
      event: 'update',
      data: {
        credits: { balance: 99_995 },
        movies: [{ project, key: 'a', url: expect.stringMatching(/mp4$/), durationSeconds: 5, credits: 5 }],
      },
    });
    await status(fake, project);
    await until(() =>
      events.some(({ data }) => data.requests.some(({ seq, status: code }) => seq === 2 && code === 200)),
    );
  });

  test('it shows what the API says where that differs from what is true', async () => {
    const fake = await startFake({ scenarios: ['brief-error'], fixedClock: true });
    const project = await submit(fake);
    await status(fake, project);
    await status(fake, project);
    fake.advance(2);
    const { events } = await watch(fake);
    await until(() => events.length > 0);
    expect(events[0]?.data.movies).toMatchObject([{ status: 'running', shown: 'error', polls: 2 }]);
  });

  test('many changes come in a few messages with the newest items', async () => {
    const fake = await startFake({ cache: false, fixedClock: true });
    const { events } = await watch(fake);
    await until(() => events.length === 1);
    const startedMs = performance.now();
    for (let movie = 0; movie < 300; movie += 1) await submit(fake, movieOf(`k${movie}`));
    await until(() => events.at(-1)?.data.movieCount === 300);
    // One message an interval at most, however long a busy machine takes for the 300 movies.
    const intervals = (performance.now() - startedMs) / EVENT_INTERVAL_MS;
    expect(events.length).toBeLessThan(Math.min(intervals + 3, 200));
    expect(Math.max(...events.map(({ data }) => data.movies.length))).toBeLessThanOrEqual(200);
    const late = await watch(fake);
    await until(() => late.events.length === 1);
    expect(late.events[0]?.data.movies).toHaveLength(200);
  });

  test('closing the fake ends the stream; more than 20 watchers are turned away', async () => {
    const fake = await startFake();
    const watchers: { response: IncomingMessage }[] = [];
    for (let watcher = 0; watcher < 20; watcher += 1) watchers.push(await watch(fake));
    expect((await call(fake, '/_fake/events')).code).toBe(503);
    await fake.close();
    await until(() => watchers.every(({ response }) => response.closed));
  });
});

describe('GET /', () => {
  test('one page that loads nothing from elsewhere', async () => {
    const fake = await startFake();
    const { code, headers, text } = await call(fake, '/', { apiKey: null });
    expect([code, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(text).toContain('/_fake/events');
  });
});

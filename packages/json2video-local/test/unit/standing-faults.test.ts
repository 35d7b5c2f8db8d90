import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, movieOf, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();
releaseReceivers();

describe('state scripts', () => {
  test('each status poll shows the next item, and the last stays', async () => {
    const fake = await startFake();
    fake.fault({
      match: { key: 'a' },
      effect: { kind: 'state', script: ['pending', 'running', 'error', 'done'] },
    });
    const [scripted, other] = [await submit(fake, movieOf('a')), await submit(fake, movieOf('b'))];
    const seen: unknown[] = [];
    for (let poll = 0; poll < 5; poll += 1) seen.push((await status(fake, scripted))['status']);
    expect(seen).toEqual(['pending', 'running', 'error', 'done', 'done']);
    expect((await status(fake, other))['status']).toBe('pending');
  });

  test('the last item ends the movie: charged and called back once, with its file in place', async () => {
    const fake = await startFake();
    const receiver = await startReceiver();
    fake.fault({ match: {}, effect: { kind: 'state', script: ['running', 'done'] } });
    const project = await submit(fake, movieOf('a', 5, exportsTo(receiver.url)));
    await status(fake, project);
    expect(fake.movies()[0]).toMatchObject({ status: 'pending', credits: 0 });
    const { url } = await status(fake, project);
    expect((await call(fake, String(url).slice(fake.url.length))).code).toBe(200);
    await expect.poll(() => fake.movies()[0]?.webhooks.length).toBe(1);
    fake.advance(600);
    expect(fake.movies()[0]).toMatchObject({ status: 'done', credits: 5, polls: 2 });
    expect(receiver.received).toHaveLength(1);
  });

  test('the movie ends in its time with the last item, also if polls showed something else before', async () => {
    const fake = await startFake();
    const script = ['running', 'running', { status: 'error', message: 'Not all elements have metadata' }];
    fake.fault({ match: {}, effect: { kind: 'state', script } });
    const project = await submit(fake);
    fake.advance(60);
    expect(fake.movies()[0]).toMatchObject({ status: 'error', credits: 0 });
    expect((await status(fake, project))['status']).toBe('running');
    await status(fake, project);
    const message = 'Not all elements have metadata';
    expect(await status(fake, project)).toMatchObject({ status: 'error', message, success: false });
  });

  test('a script without an end keeps the movie from ending until the rule is gone', async () => {
    const fake = await startFake();
    fake.fault({ match: {}, effect: { kind: 'state', script: ['processing'] } });
    const project = await submit(fake);
    fake.advance(600);
    const shown = await status(fake, project);
    expect([shown['status'], 'success' in shown, fake.movies()[0]?.status]).toEqual([
      'processing',
      false,
      'running',
    ]);
    fake.clearFaults();
    expect(fake.movies()[0]?.status).toBe('done');
  });

  test('an item may take the url away from a finished movie', async () => {
    const fake = await startFake();
    fake.fault({ match: {}, effect: { kind: 'state', script: [{ status: 'done', url: null }, 'done'] } });
    const project = await submit(fake);
    expect(await status(fake, project)).toMatchObject({ status: 'done', success: true, url: null });
    expect((await status(fake, project))['url']).toMatch(/\.mp4$/);
  });
});

const listed = async (fake: FakeJson2Video): Promise<string[]> => {
  const { json } = await call(fake, '/v2/movies');
  const reply = z.object({ movies: z.array(z.object({ project: z.string() })) }).parse(json);
  return reply.movies.map((movie) => movie.project);
};

describe('the list', () => {
  test('lagSeconds hides movies that are younger', async () => {
    const fake = await startFake();
    fake.fault({ match: { call: 'list' }, effect: { kind: 'list', lagSeconds: 30 } });
    const project = await submit(fake);
    expect(await listed(fake)).toEqual([]);
    fake.advance(31);
    expect(await listed(fake)).toEqual([project]);
  });

  test('omit hides its movies for good, or for `times` calls', async () => {
    const fake = await startFake();
    const [, other] = [await submit(fake, movieOf('a')), await submit(fake, movieOf('b'))];
    fake.fault({ match: { call: 'list', key: 'a' }, effect: { kind: 'list', omit: true }, times: 1 });
    expect(await listed(fake)).toEqual([other]);
    expect(await listed(fake)).toHaveLength(2);
  });
});

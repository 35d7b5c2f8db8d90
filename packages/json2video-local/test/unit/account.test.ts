import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { call, movieOf, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

const keys = {
  looker: { role: 'viewer' },
  renderer: { role: 'render' },
  writer: { role: 'editor' },
  boss: { role: 'manager' },
  root: { role: 'admin' },
  old: { role: 'render', expiresAt: '2026-11-15T13:00:00.000Z' },
} as const;

async function codes(fake: FakeJson2Video, apiKey: string): Promise<number[]> {
  const project = await submit(fake);
  const template = { name: 'a', movie: { scenes: [] } };
  const answers = [
    await post(fake, movieOf('b'), { apiKey }),
    await call(fake, `/v2/movies?project=${project}`, { apiKey }),
    await call(fake, '/v2/movies', { apiKey }),
    await call(fake, '/v2/templates', { apiKey }),
    await call(fake, '/v2/templates', { apiKey, method: 'POST', body: template }),
    await call(fake, `/v2/movies?project=${project}`, { apiKey, method: 'DELETE' }),
  ];
  return answers.map(({ code }) => code);
}

describe('roles of keys', () => {
  test.each([
    ['looker', [403, 200, 200, 403, 403, 400]],
    ['renderer', [200, 200, 200, 200, 403, 200]],
    ['writer', [200, 200, 200, 200, 200, 200]],
    ['boss', [200, 200, 200, 200, 200, 200]],
    ['root', [200, 200, 200, 200, 200, 200]],
    ['local-key', [200, 200, 200, 200, 200, 200]],
  ])('%s may do what its role allows', async (apiKey, wanted) => {
    const fake = await startFake({ keys });
    expect(await codes(fake, apiKey)).toEqual(wanted);
  });

  test('a role that is too low: 403 on POST, 400 on DELETE, the same words', async () => {
    const fake = await startFake({ keys });
    const created = await post(fake, movieOf('a'), { apiKey: 'looker' });
    const message = 'Insufficient permissions';
    expect([created.code, created.json]).toEqual([403, { message }]);
    const path = `/v2/movies?project=${await submit(fake)}`;
    const deleted = await call(fake, path, { apiKey: 'looker', method: 'DELETE' });
    expect([deleted.code, deleted.json]).toEqual([400, { success: false, message }]);
  });

  test('a key may expire', async () => {
    const fake = await startFake({ keys });
    expect((await call(fake, '/v2/templates', { apiKey: 'old' })).code).toBe(200);
    fake.advance(3600);
    const answer = await call(fake, '/v2/templates', { apiKey: 'old' });
    expect([answer.code, answer.json]).toEqual([400, { success: false, message: 'Error: Invalid API Key' }]);
  });
});

const usedUp = (kind: string): object => ({
  message: `You exceeded the quota of ${kind} in your plan. Please upgrade your plan to continue.`,
});

describe('the plan', () => {
  test.each([
    [{}, { width: 3842, height: 1080 }, 'Movie is larger (3842x1080) than your plan allowance (3840x3840)'],
    [
      { maxWidth: 1280, maxHeight: 720 },
      { resolution: 'full-hd' },
      'Movie is larger (1920x1080) than your plan allowance (1280x720)',
    ],
  ])('under %j a movie of %j is refused with 401', async (plan, size, message) => {
    const fake = await startFake({ plan });
    const answer = await post(fake, movieOf('a', 5, size));
    expect([answer.code, answer.json]).toEqual([401, { message }]);
    expect((await post(fake, movieOf('a', 5, { resolution: 'hd' }))).code).toBe(200);
  });

  test('a legacy plan counts movies and drafts (a draft unless it says otherwise), and shows what is left', async () => {
    const fake = await startFake({ plan: { movies: 1, drafts: 1 }, credits: 500 });
    const quota = async (): Promise<unknown> => (await call(fake, '/v2/movies?limit=1')).json;
    expect(await quota()).toMatchObject({ remaining_quota: { time: 500, movies: 1, drafts: 1 } });
    const refusals = [];
    for (const draft of [false, false, undefined, true]) {
      refusals.push((await post(fake, movieOf('a', 5, { draft }))).json);
    }
    const accepted = expect.objectContaining({ success: true });
    expect(refusals).toEqual([accepted, usedUp('movies'), accepted, usedUp('drafts')]);
    expect(await quota()).toMatchObject({ remaining_quota: { movies: 0, drafts: 0 } });
  });

  test('a current plan shows its credits as seconds', async () => {
    const fake = await startFake({ credits: 1807 });
    const { json } = await call(fake, `/v2/movies?project=${await submit(fake)}`);
    expect(json).toMatchObject({ remaining_quota: { time: 1807 } });
  });

  test('renders beyond the number allowed at a time wait as pending', async () => {
    const fake = await startFake({ plan: { concurrentRenders: 1 }, renderSeconds: 10, fixedClock: true });
    const [one, two] = [await submit(fake, movieOf('a')), await submit(fake, movieOf('b'))];
    fake.advance(9);
    expect([(await status(fake, one))['status'], (await status(fake, two))['status']]).toEqual([
      'running',
      'pending',
    ]);
    fake.advance(2);
    expect([(await status(fake, one))['status'], (await status(fake, two))['status']]).toEqual([
      'done',
      'running',
    ]);
    fake.advance(10);
    expect((await status(fake, two))['status']).toBe('done');
  });
});

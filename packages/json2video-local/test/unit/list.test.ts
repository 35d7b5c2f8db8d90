import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import { call, movieOf, releaseFakes, startFake, submit } from './support.js';

releaseFakes();

const page = z.object({
  count: z.number(),
  has_next: z.boolean(),
  has_prev: z.boolean(),
  next_token: z.string().nullable(),
  movies: z.array(z.object({ project: z.string(), json: z.string() })),
});

async function list(fake: FakeJson2Video, query = ''): Promise<z.infer<typeof page>> {
  return page.parse((await call(fake, `/v2/movies?${query}`)).json);
}

const projectsIn = (read: z.infer<typeof page>): string[] => read.movies.map((movie) => movie.project);

describe('GET /v2/movies without a project', () => {
  test('a page names its period, its size and its cursor, and always carries the submitted movies', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    const answer = await call(fake, '/v2/movies?format=simple');
    expect(answer.json).toMatchObject({
      success: true,
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-15T23:59:59.999Z',
      count: 1,
      limit: 100,
      has_next: false,
      has_prev: false,
      next_token: null,
      movies: [{ project, json: JSON.stringify(movieOf('a')), 'client-data': { order: 1 } }],
      remaining_quota: { time: 100_000 },
    });
  });

  test('paging with the cursor shows every movie once, also when more are accepted meanwhile', async () => {
    const fake = await startFake();
    const submitted: string[] = [];
    for (let index = 0; index < 5; index += 1) submitted.push(await submit(fake));
    const first = await list(fake, 'limit=2');
    await submit(fake);
    const second = await list(fake, `limit=2&next_token=${first.next_token}`);
    const third = await list(fake, `limit=2&next_token=${second.next_token}`);
    expect([first.has_next, second.has_next, third.has_next]).toEqual([true, true, false]);
    expect([first.has_prev, second.has_prev]).toEqual([false, true]);
    expect([first, second, third].flatMap(projectsIn)).toEqual(submitted.toReversed());
  });

  test('on the 1st the default period misses what was accepted the day before', async () => {
    const fake = await startFake({ startAt: '2026-11-30T23:59:00.000Z' });
    const project = await submit(fake);
    fake.advance(120);
    expect(projectsIn(await list(fake))).toEqual([]);
    expect(projectsIn(await list(fake, 'date_start=2026-11-30'))).toEqual([project]);
  });

  test('dates may be days or times, under both names', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    const found = async (query: string): Promise<boolean> =>
      projectsIn(await list(fake, query)).includes(project);
    expect(await found('date_start=2026-11-15T11:59:00Z')).toBe(true);
    expect(await found('from=2026-11-15T12:30:00.000Z')).toBe(false);
    expect(await found('from=2026-11-10&to=2026-11-15')).toBe(true);
    expect(await found('date_start=2026-11-10&date_end=2026-11-14')).toBe(false);
    expect(await found('date_end=2026-11-15T11:59:59.000Z')).toBe(false);
  });

  test.each([
    ['date_start=2026-08-01', 'The date range cannot exceed 93 days'],
    ['date_start=yesterday', 'Invalid date_start'],
    ['to=2026-13-40', 'Invalid date_end'],
    ['limit=0', 'limit must be between 1 and 100'],
    ['limit=101', 'limit must be between 1 and 100'],
    ['next_token=zzz', 'Invalid next_token'],
  ])('%s is refused', async (query, message) => {
    const fake = await startFake();
    const answer = await call(fake, `/v2/movies?${query}`);
    expect([answer.code, answer.json]).toEqual([400, { success: false, message }]);
  });

  test('a wrong key gets no list', async () => {
    const fake = await startFake();
    expect((await call(fake, '/v2/movies', { apiKey: 'nope' })).code).toBe(400);
  });
});

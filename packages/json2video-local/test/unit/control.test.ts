import { describe, expect, test } from 'vitest';
import { z } from 'zod';

import type { FakeJson2Video } from '../../src/index.js';
import type { Answer } from './support.js';
import { call, movieOf, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

const control = (fake: FakeJson2Video, method: string, path: string, body?: unknown): Promise<Answer> =>
  call(fake, `/_fake/${path}`, { method, body, apiKey: null });

const errorOf = (answer: Answer): string => z.object({ error: z.string() }).parse(answer.json).error;

describe('the control interface, without a key', () => {
  test('requests are listed with what was done to them, by number and by call', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    await status(fake, project);
    await call(fake, '/v2/movies', { apiKey: 'nope' });
    const { json } = await control(fake, 'GET', 'requests');
    expect(json).toMatchObject({
      requests: [
        { seq: 1, call: 'create', method: 'POST', path: '/v2/movies', key: 'a', project, accepted: true },
        { seq: 2, call: 'status', method: 'GET', key: 'a', project, status: 200, ms: expect.any(Number) },
        { seq: 3, call: 'list', status: 400, at: expect.stringMatching(/^2026-11-15T12:00/) },
      ],
    });
    const later = await control(fake, 'GET', 'requests?since=2');
    expect(later.json).toMatchObject({ requests: [{ seq: 3 }] });
    const polls = await control(fake, 'GET', 'requests?call=status');
    expect(polls.json).toEqual({ requests: fake.requests({ call: 'status' }) });
  });

  test('movies and credits tell what the handle tells', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    fake.advance(60);
    const { json } = await control(fake, 'GET', 'movies');
    const createdAt = expect.stringMatching(/^2026-11-15T12:00/);
    const movie = { project, key: 'a', status: 'done', createdAt, polls: 0, credits: 5, webhooks: [] };
    expect(json).toEqual({ movies: [movie] });
    expect(fake.movies()).toEqual([movie]);
    expect((await control(fake, 'GET', 'credits')).json).toEqual({ balance: 99_995, spent: 5, assets: 0 });
  });

  test('a fault can be set, seen, and removed by its id', async () => {
    const fake = await startFake();
    const rule = { match: { call: 'create' }, effect: { kind: 'status', code: 500 } };
    const { json } = await control(fake, 'POST', 'faults', rule);
    const { id } = z.object({ id: z.string() }).parse(json);
    expect((await post(fake, movieOf('a'))).code).toBe(500);
    const view = {
      id,
      match: { call: 'create' },
      effect: { code: 500, accept: false },
      matched: 1,
      applied: 1,
    };
    expect((await control(fake, 'GET', 'faults')).json).toMatchObject({ faults: [view] });
    expect((await control(fake, 'DELETE', `faults/${id}`)).code).toBe(200);
    expect((await post(fake, movieOf('a'))).code).toBe(200);
    await control(fake, 'POST', 'faults', rule);
    await control(fake, 'DELETE', 'faults');
    expect((await control(fake, 'GET', 'faults')).json).toEqual({ faults: [] });
  });

  test('a parked request goes on after its release', async () => {
    const fake = await startFake();
    const id = fake.fault({ match: {}, effect: { kind: 'park', at: 'after' } });
    const calling = post(fake, movieOf('a'));
    await expect.poll(() => fake.movies().length).toBe(1);
    expect((await control(fake, 'POST', `release/${id}`)).json).toEqual({ released: 1 });
    expect((await calling).code).toBe(200);
  });

  test('the clock moves forward on demand, and only forward', async () => {
    const fake = await startFake();
    const { json } = await control(fake, 'POST', 'clock', { advanceSeconds: 3600 });
    expect(json).toMatchObject({ now: expect.stringMatching(/^2026-11-15T13:00/) });
    expect(fake.now()).toBeGreaterThanOrEqual(Date.parse('2026-11-15T13:00:00Z'));
    expect(errorOf(await control(fake, 'POST', 'clock', { advanceSeconds: -1 }))).toContain('advanceSeconds');
  });

  test.each([
    [{ match: {}, effect: { kind: 'explode' } }, 'effect.kind'],
    [{ match: { call: 'upload' }, effect: { kind: 'refuse' } }, 'match.call'],
    [{ match: { nth: 0 }, effect: { kind: 'refuse' } }, 'match.nth'],
    [{ match: {}, effect: { kind: 'delay' } }, 'effect.ms'],
    [{ match: {}, effect: { kind: 'webhook', action: 'shout' } }, 'effect.action'],
    [{ match: {}, effect: { kind: 'refuse' }, times: 0 }, 'times'],
    [{ effect: { kind: 'refuse' } }, 'match'],
  ])('the rule %j is refused, naming the field', async (rule, field) => {
    const fake = await startFake();
    const answer = await control(fake, 'POST', 'faults', rule);
    expect(answer.code).toBe(400);
    expect(errorOf(answer)).toContain(`"${field}"`);
    expect((await control(fake, 'GET', 'faults')).json).toEqual({ faults: [] });
  });

  test('a body that is not JSON is 400, an unknown rule 404', async () => {
    const fake = await startFake();
    expect((await control(fake, 'POST', 'faults', 'nonsense')).code).toBe(400);
    expect((await control(fake, 'DELETE', 'faults/fault-9')).code).toBe(404);
    expect((await control(fake, 'POST', 'release/fault-9')).code).toBe(404);
  });
});

import { describe, expect, test } from 'vitest';

import type { FakeJson2Video, FaultRuleInput } from '../../src/index.js';
import { call, failureOf, movieOf, post, releaseFakes, startFake, submit, until } from './support.js';

releaseFakes();

const onCreate = (effect: FaultRuleInput['effect'], more: Partial<FaultRuleInput> = {}): FaultRuleInput => ({
  match: { call: 'create' },
  effect,
  ...more,
});

const fakeWith = (...faults: FaultRuleInput[]): Promise<FakeJson2Video> => startFake({ faults });

const accepted = (fake: FakeJson2Video): number => fake.movies().length;

describe('connections that break', () => {
  test.each([
    ['refuse', 0],
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('%s cuts the connection without a reply and leaves %i movies', async (kind, movies) => {
    const fake = await fakeWith(onCreate({ kind }));
    expect(await failureOf(post(fake, movieOf('a')))).toBe('ECONNRESET');
    expect(accepted(fake)).toBe(movies);
    const entry = { call: 'create', status: null, accepted: movies === 1, fault: 'fault-1' };
    await expect.poll(() => fake.requests()).toMatchObject([entry]);
  });

  test('refuse by key spares the other keys', async () => {
    const fake = await fakeWith(onCreate({ kind: 'refuse' }, { match: { call: 'create', key: 'a' } }));
    expect(await failureOf(post(fake, movieOf('a')))).toBe('ECONNRESET');
    expect((await post(fake, movieOf('b'))).code).toBe(200);
    expect(fake.movies().map((movie) => movie.key)).toEqual(['b']);
  });

  test.each([
    ['hang-before', 0],
    ['hang-after', 1],
  ] as const)('%s never answers and leaves %i movies', async (kind, movies) => {
    const fake = await fakeWith(onCreate({ kind }));
    const leaving = new AbortController();
    const calling = failureOf(post(fake, movieOf('a'), { signal: leaving.signal }));
    await until(() => fake.requests()[0]?.key === 'a' && accepted(fake) === movies);
    leaving.abort();
    expect(await calling).toBe('ABORT_ERR');
    expect(accepted(fake)).toBe(movies);
  });

  test('truncate promises the whole body and cuts it after `bytes`', async () => {
    const fake = await fakeWith(onCreate({ kind: 'truncate', bytes: 10 }));
    expect(await failureOf(post(fake, movieOf('a')))).toBe('ECONNRESET');
    expect(accepted(fake)).toBe(1);
    expect(fake.requests()).toMatchObject([{ accepted: true }]);
  });

  test('a truncated file is cut after its headers', async () => {
    const fake = await fakeWith({ match: { call: 'file' }, effect: { kind: 'truncate', bytes: 0 } });
    await submit(fake);
    fake.advance(60);
    const list = await call(fake, '/v2/movies');
    const path = /\/clients\/[^"]+\.mp4/.exec(list.text)?.[0] ?? '';
    expect(await failureOf(call(fake, path))).toBe('ECONNRESET');
  });
});

describe('replies that are slow', () => {
  test('delay answers late, and accepts also when the client has left', async () => {
    const fake = await fakeWith(onCreate({ kind: 'delay', ms: 60 }));
    const started = performance.now();
    expect((await post(fake, movieOf('a'))).code).toBe(200);
    expect(performance.now() - started).toBeGreaterThanOrEqual(59);
    const leaving = new AbortController();
    const calling = failureOf(post(fake, movieOf('b'), { signal: leaving.signal }));
    await until(() => fake.requests()[1]?.key === 'b');
    leaving.abort();
    await calling;
    await until(() => accepted(fake) === 2);
  });

  test('many delayed calls and callbacks at a time raise no warning about listeners', async () => {
    const warnings: Error[] = [];
    const warned = (warning: Error): number => warnings.push(warning);
    process.on('warning', warned);
    const fake = await fakeWith({ match: {}, effect: { kind: 'delay', ms: 50 } });
    const endpoint = 'http://127.0.0.1:1/';
    const movie = movieOf('a', 5, { exports: [{ destinations: [{ type: 'webhook', endpoint }] }] });
    await Promise.all(Array.from({ length: 30 }, () => post(fake, movie)));
    fake.advance(60);
    await until(() => fake.movies().every(({ webhooks }) => webhooks.length === 1));
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  test('drip sends the whole reply in small pieces', async () => {
    const fake = await fakeWith(onCreate({ kind: 'drip', ms: 5, bytes: 20 }));
    const answer = await post(fake, movieOf('a'));
    expect(answer.json).toMatchObject({ success: true });
    expect(fake.requests()[0]?.ms).toBeGreaterThanOrEqual(15);
  });

  test.each([
    ['before', 0],
    ['after', 1],
  ] as const)('park %s holds the call with %i movies until it is released', async (at, movies) => {
    const fake = await startFake();
    const id = fake.fault(onCreate({ kind: 'park', at }));
    const calling = post(fake, movieOf('a'));
    await until(() => fake.requests()[0]?.fault === id && accepted(fake) === movies);
    expect(fake.release(id)).toBe(1);
    expect((await calling).code).toBe(200);
    expect(accepted(fake)).toBe(1);
    expect((await post(fake, movieOf('b'))).code).toBe(200);
  });

  test('a client that leaves while parked before has submitted nothing', async () => {
    const fake = await startFake();
    const id = fake.fault(onCreate({ kind: 'park', at: 'before' }));
    const leaving = new AbortController();
    const calling = failureOf(post(fake, movieOf('a'), { signal: leaving.signal }));
    await until(() => fake.requests()[0]?.fault === id);
    leaving.abort();
    await calling;
    await until(() => (fake.requests()[0]?.ms ?? 0) > 0);
    expect(fake.release(id)).toBe(0);
    expect((await post(fake, movieOf('b'))).code).toBe(200);
    expect(fake.movies().map((movie) => movie.key)).toEqual(['b']);
  });
});

describe('replies that are wrong', () => {
  test.each([
    [false, 0],
    [true, 1],
  ])('status with accept %j answers the wanted code and leaves %i movies', async (accept, movies) => {
    const headers = { 'retry-after': '7' };
    const fake = await fakeWith(
      onCreate({ kind: 'status', code: 503, headers, body: { error: 'x' }, accept }),
    );
    const answer = await post(fake, movieOf('a'));
    expect([answer.code, answer.headers['retry-after'], answer.json]).toEqual([503, '7', { error: 'x' }]);
    expect(accepted(fake)).toBe(movies);
  });

  test('status sends a text body as it is, and an empty one without a body', async () => {
    const fake = await fakeWith(
      onCreate({ kind: 'status', code: 502, body: '<h1>Bad gateway</h1>' }, { times: 1 }),
      onCreate({ kind: 'status', code: 429 }),
    );
    const [first, second] = [await post(fake, movieOf('a')), await post(fake, movieOf('a'))];
    expect([first.code, first.text, first.headers['content-type']]).toEqual([
      502,
      '<h1>Bad gateway</h1>',
      'text/html',
    ]);
    expect([second.code, second.text]).toEqual([429, '']);
  });

  test('body answers 200 with any text', async () => {
    const fake = await fakeWith(onCreate({ kind: 'body', text: '{"success":', accept: true }));
    const answer = await post(fake, movieOf('a'));
    expect([answer.code, answer.text, accepted(fake)]).toEqual([200, '{"success":', 1]);
  });

  test.each([
    ['no-credits', 400, { message: 'Insufficient credits' }],
    ['suspended', 403, { message: 'account_suspended' }],
    ['low-role', 403, { message: 'Insufficient permissions' }],
    ['bad-key', 400, { success: false, message: 'Error: Invalid API Key' }],
  ] as const)('account %s answers %i and accepts nothing', async (problem, code, body) => {
    const fake = await fakeWith(onCreate({ kind: 'account', problem }));
    const answer = await post(fake, movieOf('a'));
    expect([answer.code, answer.json, accepted(fake)]).toEqual([code, body, 0]);
  });
});

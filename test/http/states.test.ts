import { afterAll, beforeAll, expect, test } from 'vitest';
import { Doubt, DOUBT_TERMS, HELD_WITHIN_MS } from '../support/doubt.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { call, MOVIE, pathOf } from './http-stage.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ boss: ['admin'] });
const token = tokens.boss;

let stage: Stage;
let server: Running;
let without: Running;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  [server, without] = await Promise.all([
    stage.startServer(env),
    stage.startServer({ RENDERONCE_TASK_QUEUE: 'nobody-polls-it' }),
    stage.hostWorker(),
  ]);
});
afterAll(() => stage.close());

const put = (key: string, body: unknown, headers = {}) =>
  call(server, 'PUT', pathOf(key), { token, body, headers });
const get = (key: string, headers = {}) => call(server, 'GET', pathOf(key), { token, headers });

test('a movie that the provider rejects is 422 with its words, is shown as rejected, and its key is free', async () => {
  const key = freshKey('rejected');
  const refused = await put(key, { movie: { ...CARD, resolution: 'no-such-size' } });
  expect(refused).toMatchObject({ status: 422, body: { code: 'MovieRejected', key } });
  expect(await get(key)).toMatchObject({ status: 200, body: { key, state: 'rejected' } });
  expect(await call(server, 'GET', pathOf(key, '/video'), { token })).toMatchObject({
    status: 404,
    body: { code: 'VideoNotFound' },
  });
  expect(await put(key, MOVIE)).toMatchObject({ status: 201, body: { key, replayed: false } });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('without a worker a PUT that waits is 503, and one with wait=0 is 202: the render waits for a worker', async () => {
  const [waiting, free] = [freshKey('waits'), freshKey('free')];
  const late = await call(without, 'PUT', pathOf(waiting), { body: MOVIE, headers: { prefer: 'wait=1' } });
  expect(late).toMatchObject({ status: 503, body: { code: 'NoWorker', key: waiting } });
  expect(late.text).not.toMatch(/nobody-polls-it|127\.0\.0\.1/);
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  const started = await call(without, 'PUT', pathOf(free), { body: MOVIE, headers: { prefer: 'wait=0' } });
  expect(started).toMatchObject({ status: 202, body: { key: free, state: 'submitting', replayed: false } });
  expect(started.headers.get('preference-applied')).toBe('wait=0');
  expect(started.headers.get('idempotent-replayed')).toBeNull();
  const again = await call(without, 'PUT', pathOf(free), { body: MOVIE, headers: { prefer: 'wait=0' } });
  expect(again).toMatchObject({ status: 202, body: { key: free, replayed: true } });
  expect(again.headers.get('idempotent-replayed')).toBe('true');
});

test('movies may differ where ignore says, and with ifDifferent join the first one counts', async () => {
  const key = freshKey('differs');
  const movie = (id: string) => ({ ...CARD, id });
  expect((await put(key, { movie: movie('a'), options: { ignore: ['/id'] } })).status).toBe(201);
  expect(await put(key, { movie: movie('b') })).toMatchObject({ status: 200, body: { replayed: true } });
  const joined = await put(key, { movie: { ...CARD, quality: 'low' }, options: { ifDifferent: 'join' } });
  expect(joined).toMatchObject({ status: 200, body: { replayed: true, differences: ['quality'] } });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('warnings come with the answer, and check gives the same without sending anything', async () => {
  const key = freshKey('warned');
  const movie = { ...CARD, colour: 'red' };
  const warnings = [expect.objectContaining({ code: 'name-unknown', path: 'colour' })];
  expect((await call(server, 'POST', '/v1/check', { token, body: movie })).body).toMatchObject({
    ok: true,
    warnings,
  });
  expect((await call(server, 'POST', '/v1/quote', { token, body: movie })).body).toMatchObject({
    credits: 5,
    bound: 'exact',
  });
  expect(await stage.fake.movies(key)).toHaveLength(0);
  expect((await put(key, { movie })).body).toMatchObject({ warnings });
  const bad = await call(server, 'POST', '/v1/check', {
    token,
    body: '{"scenes":[{"duration":123456789012345678901}]}',
  });
  expect(bad).toMatchObject({ status: 200, body: { ok: false, faults: [{ path: 'scenes[0].duration' }] } });
  expect((await call(server, 'POST', '/v1/check', { token, body: '{' })).status).toBe(400);
});

test('a cancelled render that was accepted is shown with its project, and a cancel of an unknown key is 404', async () => {
  const key = freshKey('cancel');
  await put(key, MOVIE);
  const cancelled = await call(server, 'DELETE', pathOf(key), { token });
  expect(cancelled).toMatchObject({ status: 202, body: { key } });
  expect((await get(key, { prefer: 'wait=30' })).body).toMatchObject({ outcome: { key } });
  expect((await call(server, 'DELETE', pathOf(freshKey('none')), { token })).status).toBe(404);
});

test(
  'a held render is 202 with its state, and a person decides with the name of the token before their own',
  async () => {
    const doubt = new Doubt(stage);
    const key = freshKey('held');
    await doubt.lose(key, false);
    await doubt.isIn(key, 'held');
    const held = await put(key, { ...MOVIE, options: DOUBT_TERMS }, { prefer: 'wait=2' });
    expect(held).toMatchObject({ status: 202, body: { key, state: 'held', replayed: true } });
    expect(held.headers.get('idempotent-replayed')).toBe('true');
    const decide = (decision: object) =>
      call(server, 'POST', pathOf(key, '/decision'), { token, body: decision });
    const adopted = await decide({ action: 'adopt', project: 'x'.repeat(16), by: 'anna', why: 'a guess' });
    expect(adopted).toMatchObject({ status: 409, body: { code: 'DecisionRefused', key } });
    const abandoned = await decide({ action: 'abandon', by: 'anna', why: 'nothing is there' });
    expect(abandoned).toMatchObject({
      status: 200,
      body: { key, decision: { action: 'abandon', by: 'boss (anna)' } },
    });
    expect(await put(key, MOVIE)).toMatchObject({ status: 409, body: { code: 'RenderAbandoned', key } });
    expect(await get(key)).toMatchObject({ status: 200, body: { state: 'abandoned' } });
  },
  HELD_WITHIN_MS * 2,
);

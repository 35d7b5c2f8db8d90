import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { until } from '../support/until.js';
import { call, type HttpStage, MOVIE, openHttpStage, pathOf } from './http-stage.js';

expectNoProcessLeft();

let stage: HttpStage;
let one: Running;
let other: Running;
beforeAll(async () => {
  stage = await openHttpStage({ provider: { renderSeconds: 2 } });
  [one, other] = stage.servers;
});
afterAll(() => stage.close());

const OTHER_MOVIE = { movie: { ...CARD, resolution: 'sd' } };

test('25 concurrent PUTs of one key through two servers cost one accepted POST, and one of them started it', async () => {
  const key = freshKey('race');
  const answers = await Promise.all(
    Array.from({ length: 25 }, (_, index) =>
      call(index % 2 === 0 ? one : other, 'PUT', pathOf(key), { body: MOVIE }),
    ),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const { status, headers, body } of answers) {
    expect([200, 201]).toContain(status);
    expect(headers.get('idempotent-replayed')).toBe(status === 200 ? 'true' : null);
    expect(body).toMatchObject({ key, replayed: status === 200 });
  }
  expect(new Set(answers.map(({ body }) => body['project'])).size).toBe(1);
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a server that is killed in the middle of a PUT, and a repeat at the other: one accepted POST', async () => {
  const key = freshKey('kill');
  const park = await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'before' },
    times: 1,
  });
  const doomed = await stage.startServer();
  const lost = call(doomed, 'PUT', pathOf(key), { body: MOVIE }).catch(() => 'lost');
  await until('the POST is under way', async () => {
    const posts = await stage.fake.requests({ key });
    return posts.length > 0;
  });
  doomed.kill('SIGKILL');
  await doomed.exit;
  const repeat = call(other, 'PUT', pathOf(key), { body: MOVIE });
  await stage.fake.release(park);

  expect(await lost).toBe('lost');
  const { status, body } = await repeat;
  expect({ status, replayed: body['replayed'] }).toEqual({ status: 200, replayed: true });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('the same movie again is a replay, also after the end, and another movie is 422 with the differences', async () => {
  const key = freshKey('again');
  const first = await call(one, 'PUT', pathOf(key), { body: MOVIE });
  expect({ status: first.status, applied: first.headers.get('preference-applied') }).toEqual({
    status: 201,
    applied: null,
  });
  const refused = await call(other, 'PUT', pathOf(key), { body: OTHER_MOVIE });
  expect(refused.status).toBe(422);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(refused.body).toMatchObject({
    code: 'IdempotencyKeyReused',
    key,
    status: 422,
    differences: ['resolution'],
    project: first.body['project'],
  });
  const ended = await call(one, 'GET', pathOf(key), { headers: { prefer: 'wait=60' } });
  expect(ended.headers.get('preference-applied')).toBe('wait=60');
  expect(ended.body).toMatchObject({ key, state: 'done', outcome: { status: 'done', key } });

  const again = await call(other, 'PUT', pathOf(key), { body: MOVIE });
  expect(again).toMatchObject({
    status: 200,
    body: { replayed: true, state: 'done', outcome: { status: 'done' } },
  });
  expect(await call(other, 'PUT', pathOf(key), { body: OTHER_MOVIE })).toMatchObject({ status: 422 });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('POST with an Idempotency-Key, bare or quoted, is the same as PUT; two of them or none are refused', async () => {
  const key = freshKey('post');
  const post = (header: Record<string, string>) =>
    call(one, 'POST', '/v1/renders', { body: MOVIE, headers: header });
  expect((await post({ 'idempotency-key': key })).status).toBe(201);
  expect((await post({ 'idempotency-key': `"${key}"` })).status).toBe(200);
  expect(await call(one, 'PUT', pathOf(key), { body: MOVIE })).toMatchObject({ status: 200 });
  expect(await post({})).toMatchObject({ status: 400, body: { code: 'KeyInvalid' } });
  expect(await post({ 'idempotency-key': `${key}, ${key}` })).toMatchObject({ status: 400 });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a key with slashes works in the path, and in the query where a proxy decodes the path', async () => {
  const key = freshKey('a/b?c&d%2F');
  expect((await call(one, 'PUT', pathOf(key), { body: MOVIE })).status).toBe(201);
  const query = `?key=${encodeURIComponent(key)}`;
  expect(await call(one, 'PUT', `/v1/renders${query}`, { body: MOVIE })).toMatchObject({
    status: 200,
    body: { key },
  });
  expect(await call(one, 'GET', `/v1/renders${query}`)).toMatchObject({ status: 200, body: { key } });
  const post = (more: string, headers = {}) =>
    call(one, 'POST', `/v1/renders${query}${more}`, { body: MOVIE, headers });
  expect(await post('')).toMatchObject({ status: 200, body: { key } });
  expect(await post('', { 'idempotency-key': key })).toMatchObject({ status: 200, body: { key } });
  for (const [more, headers] of [
    ['', { 'idempotency-key': 'another' }],
    ['&key=another', { 'idempotency-key': key }],
    ['%FF', {}],
  ] as const) {
    expect(await post(more, headers)).toMatchObject({ status: 400 });
  }
  expect((await call(one, 'DELETE', `/v1/renders${query}`)).status).toBe(202);
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a client that goes away stops its wait and not the render', async () => {
  const key = freshKey('gone');
  const park = await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'before' },
    times: 1,
  });
  const gone = new AbortController();
  const waiting = call(one, 'PUT', pathOf(key), { body: MOVIE, signal: gone.signal }).catch(() => 'gone');
  await until('the POST is under way', async () => (await stage.fake.requests({ key })).length > 0);
  gone.abort();
  expect(await waiting).toBe('gone');
  await stage.fake.release(park);
  const ended = await call(one, 'GET', pathOf(key), { headers: { prefer: 'wait=60' } });
  expect(ended.body).toMatchObject({ state: 'done' });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

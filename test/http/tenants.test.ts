import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { call, MOVIE, pathOf } from './http-stage.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({
  shop: ['submit+read+decide', 'shop'],
  mail: ['submit+read+decide', 'mail'],
  reader: ['read', 'shop'],
  sender: ['submit', 'shop'],
  boss: ['admin'],
});

let stage: Stage;
let server: Running;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  [server] = await Promise.all([
    stage.startServer({ ...env, RENDERONCE_REQUESTS_PER_MINUTE: '500' }),
    stage.hostWorker(),
  ]);
});
afterAll(() => stage.close());

test('no token, a forged, cut, lengthened or swapped one is 401, with the same answer, and nothing starts', async () => {
  const key = freshKey('forged');
  const [, , random = ''] = tokens.shop.split('_');
  const forged = [
    undefined,
    '',
    'ro_shop_',
    tokens.shop.slice(0, -1),
    `${tokens.shop}A`,
    tokens.shop.toUpperCase(),
    `ro_mail_${random}`,
    `ro_shop_${tokens.mail.split('_')[2]}`,
    env.RENDERONCE_TOKENS.split(',')[0]?.split(':')[3],
  ];
  const answers = await Promise.all(
    forged.map((token) =>
      call(server, 'PUT', pathOf(key), { body: MOVIE, ...(token === undefined ? {} : { token }) }),
    ),
  );
  for (const { status, headers, text } of answers) {
    expect({ status, text }).toEqual({ status: 401, text: answers[0]?.text });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  }
  expect(answers[0]?.body).toMatchObject({ code: 'TokenInvalid' });
  await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound' });
  expect(await call(server, 'GET', '/v1/renders', { headers: { 'x-api-key': tokens.shop } })).toMatchObject({
    status: 200,
  });
});

test('a tenant sees its own keys only: the key of another is unknown by every route', async () => {
  const key = freshKey('own');
  const started = await call(server, 'PUT', pathOf(key), { body: MOVIE, token: tokens.mail });
  expect(started).toMatchObject({ status: 201, body: { key } });
  expect(await stage.renders.status(`mail:${key}`)).toMatchObject({ project: started.body['project'] });
  const asked: string[] = [];
  for (const name of [
    key,
    `mail:${key}`,
    `mail\\:${key}`,
    `../mail:${key}`,
    `mail%3A${key}`,
    `shop:${key}`,
  ]) {
    const ask = (method: string, tail = '', body?: unknown) =>
      call(server, method, pathOf(name, tail), { token: tokens.shop, body });
    for (const answer of [
      await ask('GET'),
      await ask('GET', '/events'),
      await ask('GET', '/video'),
      await ask('DELETE'),
      await ask('POST', '/decision', { action: 'abandon', by: 'eve', why: 'to see' }),
      await call(server, 'GET', `/v1/renders?key=${encodeURIComponent(name)}`, { token: tokens.shop }),
      await call(server, 'GET', pathOf(name), { token: tokens.shop, headers: { prefer: 'wait=5' } }),
    ]) {
      asked.push(`${answer.status} ${String(answer.body['code'])}`);
      expect(answer.text).not.toContain(String(started.body['project']));
    }
  }
  expect(new Set(asked)).toEqual(new Set(['404 KeyNotFound']));
  expect(await stage.renders.result(`mail:${key}`)).toMatchObject({ status: 'done' });
});

test('the same key of two tenants is two renders, and each list shows its own by its plain key', async () => {
  const key = freshKey('same:one\\two');
  for (const token of [tokens.shop, tokens.mail]) {
    expect((await call(server, 'PUT', pathOf(key), { body: MOVIE, token })).status).toBe(201);
  }
  // One that the library made, and that is no key of a tenant's.
  await stage.renders.start(`shop:a:${key.replaceAll(/[:\\]/g, '')}`, CARD);
  await expect
    .poll(
      async () => {
        const { body } = await call(server, 'GET', `/v1/renders?prefix=${encodeURIComponent(key)}`, {
          token: tokens.shop,
        });
        return body;
      },
      { timeout: 20_000 },
    )
    .toEqual({ renders: [expect.objectContaining({ key })] });
  const all = await call(server, 'GET', '/v1/renders?prefix=shop%3A', { token: tokens.boss });
  expect(all.text).toContain('shop:same');
  const foreign = await call(server, 'GET', '/v1/renders?prefix=mail%3A', { token: tokens.shop });
  expect(foreign.body).toEqual({ renders: [] });
  const { text } = await call(server, 'GET', '/v1/renders?limit=200', { token: tokens.shop });
  expect(text).not.toMatch(/mail|shop:/);
});

describe('a scope is not exceeded', () => {
  const key = freshKey('scope');
  test.each([
    ['reader', 'PUT', pathOf(key), MOVIE],
    ['reader', 'POST', '/v1/renders', MOVIE],
    ['reader', 'DELETE', pathOf(key), undefined],
    ['reader', 'POST', pathOf(key, '/decision'), { action: 'abandon', by: 'eve', why: 'to see' }],
    ['sender', 'GET', pathOf(key), undefined],
    ['sender', 'GET', '/v1/renders', undefined],
    ['sender', 'GET', pathOf(key, '/events'), undefined],
    ['sender', 'GET', pathOf(key, '/video'), undefined],
    ['sender', 'POST', '/v1/check', CARD],
    ['sender', 'POST', pathOf(key, '/decision'), { action: 'abandon', by: 'eve', why: 'to see' }],
    ['sender', 'PUT', pathOf(key), { ...MOVIE, options: { restart: true } }],
    [
      'shop',
      'POST',
      pathOf(key, '/decision'),
      { action: 'adopt', project: 'p'.repeat(16), force: true, by: 'eve', why: 'to see' },
    ],
  ] as const)('%s may not %s %s', async (name, method, path, body) => {
    const headers = { 'idempotency-key': key };
    const answer = await call(server, method, path, { token: tokens[name], body, headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'ScopeMissing' } });
  });
});

test('the place of a restart cannot be set over HTTP', async () => {
  for (const options of [
    { lookFrom: '2026-01-01T00:00:00Z' },
    { lookUntil: '2026-01-01T00:00:00Z' },
    { after: 'run' },
    { lookAccount: 'a' },
  ]) {
    const answer = await call(server, 'PUT', pathOf(freshKey('place')), {
      token: tokens.boss,
      body: { ...MOVIE, options },
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'OptionsInvalid' } });
  }
});

test('a token that asks too often is 429 with Retry-After, and other tokens go on', async () => {
  const asked = await Promise.all(
    Array.from({ length: 520 }, () => call(server, 'GET', '/v1/renders/x', { token: tokens.reader })),
  );
  const limited = asked.filter(({ status }) => status === 429);
  expect(limited.length).toBeGreaterThan(0);
  expect(limited[0]?.body).toMatchObject({ code: 'RateLimited', status: 429 });
  expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await call(server, 'GET', '/v1/renders?limit=1', { token: tokens.boss })).status).toBe(200);
});

test('a server shows no token in its log', () => {
  for (const token of Object.values(tokens)) expect(server.stderr()).not.toContain(token);
});

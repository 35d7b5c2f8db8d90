import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { call, MOVIE, pathOf } from './http-stage.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({
  shop: ['submit+read', 'shop'],
  free: ['submit+read', 'free'],
  boss: ['admin'],
});

let stage: Stage;
let server: Running;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  [server] = await Promise.all([stage.startServer(env), stage.hostWorker()]);
});
afterAll(() => stage.close());

const SETTING = { limit: 9, per: 'total', by: 'anna', why: 'spring sale' } as const;

test('an admin sets a budget, the renders of its tenant are paid from it, and the one too many is 402', async () => {
  const set = await call(server, 'PUT', '/v1/budgets/shop', { token: tokens.boss, body: SETTING });
  expect(set).toMatchObject({
    status: 200,
    body: { name: 'shop', limit: 9, left: 9, soft: 80, unknown: 60 },
  });
  expect(set.body['changes']).toMatchObject([{ by: 'boss (anna)', why: 'spring sale' }]);

  const first = await call(server, 'PUT', pathOf(freshKey('first')), { token: tokens.shop, body: MOVIE });
  expect(first.status).toBe(201);
  const key = freshKey('second');
  const second = await call(server, 'PUT', pathOf(key), { token: tokens.shop, body: MOVIE });
  expect(second).toMatchObject({ status: 402, body: { code: 'BudgetExceeded', key, status: 402 } });
  expect(second.text).toContain('has 4 of 9 credits left');
  expect(await stage.fake.movies(`shop:${key}`)).toEqual([]);

  const dropIn = { ...CARD, 'client-data': { 'idempotency-key': freshKey('third') } };
  const headers = { 'x-api-key': tokens.shop, 'content-type': 'application/json' };
  const old = await call(server, 'POST', '/v2/movies', { headers, body: JSON.stringify(dropIn) });
  expect(old).toMatchObject({ status: 402, body: { success: false } });
});

test('a tenant reads the budget that bears its name and no other, and names none', async () => {
  const own = await call(server, 'GET', '/v1/budgets/shop', { token: tokens.shop });
  expect(own).toMatchObject({ status: 200, body: { name: 'shop' } });
  const list = await call(server, 'GET', '/v1/budgets', { token: tokens.free });
  expect(list).toMatchObject({ status: 200, body: { budgets: [] } });
  const foreign = await call(server, 'GET', '/v1/budgets/shop', { token: tokens.free });
  const unknown = await call(server, 'GET', '/v1/budgets/nowhere', { token: tokens.free });
  expect([foreign.status, unknown.status]).toEqual([404, 404]);
  expect(foreign.text.replace('shop', 'nowhere')).toBe(unknown.text);
  const raise = await call(server, 'PUT', '/v1/budgets/shop', { token: tokens.shop, body: SETTING });
  expect(raise).toMatchObject({ status: 403, body: { code: 'ScopeMissing' } });
  const body = { ...MOVIE, options: { budget: 'shop' } };
  const named = await call(server, 'PUT', pathOf(freshKey('named')), { token: tokens.free, body });
  expect(named).toMatchObject({ status: 400, body: { code: 'OptionsInvalid' } });
});

test('a tenant without a budget renders as before', async () => {
  const free = await call(server, 'PUT', pathOf(freshKey('free')), { token: tokens.free, body: MOVIE });
  expect(free.status).toBe(201);
});

test('the statement of a tenant has its own renders only', async () => {
  const sums = async (token: string) => {
    const { body } = await call(server, 'GET', '/v1/credits?by=budget', { token });
    return body as { rows: { name: string; credits: number }[]; credits: number };
  };
  await until('the index shows the end', async () => (await sums(tokens.boss)).credits === 10);
  expect(await sums(tokens.shop)).toMatchObject({
    credits: 5,
    rows: [{ name: 'shop', credits: 5, renders: 1 }],
  });
  expect(await sums(tokens.free)).toMatchObject({ credits: 5, rows: [{ name: '', credits: 5 }] });
});

test.each([
  [{ ...SETTING, limit: -1 }, '/v1/budgets/shop', 400],
  [{ ...SETTING, per: 'week' }, '/v1/budgets/shop', 400],
  [{ limit: 5, per: 'day' }, '/v1/budgets/shop', 400],
  [SETTING, '/v1/budgets/a%20b', 400],
])('a setting %j of %s is refused', async (body, path, status) => {
  expect(await call(server, 'PUT', path, { token: tokens.boss, body })).toMatchObject({ status });
});

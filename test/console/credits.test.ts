import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { call, MOVIE, pathOf } from '../http/http-stage.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { freshKey, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { openServed } from './console-stage.js';
import { Session } from './session-by-hand.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ boss: ['admin'] });
const token = tokens.boss;

let stage: Stage;
let server: Running;
let visitor: Session;
beforeAll(async () => {
  ({ stage, server } = await openServed(env));
  visitor = await Session.signedIn(server, token);
});
afterAll(() => stage.close());

async function setLimit(limit: number): Promise<void> {
  const body = { limit, per: 'total', by: 'anna', why: 'a test' };
  expect((await call(server, 'PUT', '/v1/budgets/tight', { token, body })).status).toBe(200);
}

const submit = (key: string, options: object) =>
  call(server, 'PUT', pathOf(key), { token, body: { ...MOVIE, options } });

async function pay(options: object): Promise<void> {
  const key = freshKey('paid');
  await submit(key, options);
  await stage.renders.result(key);
}

const says = (what: RegExp) =>
  until(`the page says ${what}`, async () => what.test((await visitor.get('/credits')).text));

test('credits by budget are a plot, if a render had a budget', async () => {
  // A card costs 5 credits.
  await setLimit(5);
  await pay({});
  await says(/5 credits, 1 render/);
  expect((await visitor.get('/credits')).text).not.toContain('aria-label="Credits by budget"');
  await pay({ budget: 'tight' });
  await says(/10 credits, 2 renders/);
  const { text } = await visitor.get('/credits');
  const [, plot = ''] = /<svg([^>]*aria-label="Credits by budget"[^]*?)<\/svg>/.exec(text) ?? [];
  expect(plot).toContain('role="img"');
  expect(plot).toContain('<title>tight: 5</title>');
  expect(plot).toContain('<title>none: 5</title>');
});

test('a budget is near its limit while its credits are, and no more when its limit was raised', async () => {
  expect(await submit(freshKey('denied'), { budget: 'tight' })).toMatchObject({ status: 402 });
  expect((await visitor.get('/attention')).text).toMatch(/Budgets near their limit[^]*tight/);
  expect((await visitor.get('/credits')).text).toContain('>limit reached<');
  await setLimit(6);
  expect((await visitor.get('/attention')).text).toMatch(/Budgets near their limit[^]*tight/);
  expect((await visitor.get('/credits')).text).toContain('>soft limit reached<');
  await setLimit(100_000);
  expect((await visitor.get('/attention')).text).not.toContain('Budgets near their limit');
  expect((await visitor.get('/credits')).text).not.toContain('limit reached');
});

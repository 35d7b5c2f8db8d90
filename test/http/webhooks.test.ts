import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signToken } from '../../src/receiver/index.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, SECRET, type Stage } from '../support/stage.js';
import { call } from './http-stage.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ shop: ['submit+read'] });

let stage: Stage;
let server: Running;
let without: Running;
beforeAll(async () => {
  stage = await openStage();
  [server, without] = await Promise.all([
    stage.startServer({ ...env, RENDERONCE_WEBHOOK_SECRET: SECRET }),
    stage.startServer(env),
  ]);
});
afterAll(() => stage.close());

const delivery = { body: { project: 'p'.repeat(16) } };
const pathFor = (key: string): string =>
  `/json2video/${signToken(key, new Date(Date.now() + 60_000), [SECRET])}`;

test("the provider's webhooks come in at the same port, and need no token of the API", async () => {
  const key = freshKey('hook');
  await stage.renders.start(key, CARD);
  expect(await call(server, 'POST', pathFor(key), delivery)).toMatchObject({ status: 200, text: '' });
  expect((await call(server, 'POST', `${pathFor(key)}x`, delivery)).status).toBe(404);
  expect((await stage.renders.story(key)).events.some(({ text }) => /webhook/.test(text))).toBe(true);
});

test('without a webhook secret there is no such route, and the server says so', async () => {
  expect([server.said['webhooks'], without.said['webhooks']]).toEqual([true, false]);
  expect((await call(without, 'POST', pathFor(freshKey('none')), delivery)).status).toBe(404);
});

test('health, metrics and the description need no token', async () => {
  expect(await call(server, 'GET', '/healthz')).toMatchObject({ status: 200, body: { ok: true } });
  expect(await call(server, 'GET', '/readyz')).toMatchObject({ status: 200, body: { ok: true } });
  expect((await call(server, 'GET', '/metrics')).text).toContain('renderonce_webhook_deliveries_total');
  expect((await call(server, 'GET', '/openapi.json')).body).toMatchObject({ openapi: '3.1.0' });
  const problem = await call(server, 'GET', '/v1/renders/x');
  const page = await call(server, 'GET', String(problem.body['type']).split('#')[0] ?? '');
  expect(page).toMatchObject({ status: 200, text: expect.stringContaining('TokenInvalid') });
});

test('a server that is asked to stop ends its waits and exits with 0', async () => {
  const key = freshKey('stop');
  await stage.renders.start(key, CARD);
  const asked = { token: tokens.shop, headers: { prefer: 'wait=60' } };
  const waiting = call(without, 'GET', `/v1/renders/${key}`, asked);
  // These clients would use their connections again, and never close them.
  const { hostname, port } = new URL(String(without.said['url']));
  connect(Number(port), hostname).resume();
  for (const tail of ['', '/events']) {
    const request = `GET /v1/renders/${key}${tail} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${tokens.shop}\r\nprefer: wait=60\r\n\r\n`;
    connect(Number(port), hostname).resume().write(request);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await without.stop()).toBe(0);
  expect(await waiting).toMatchObject({ status: 503, body: { code: 'ServerStopping' } });
});

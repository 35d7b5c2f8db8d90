import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, type Stage } from '../support/stage.js';
import { openServed } from './console-stage.js';
import { Session } from './session-by-hand.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({
  shop: ['submit+read+decide', 'shop'],
  mail: ['submit+read+decide', 'mail'],
});

let stage: Stage;
let server: Running;
beforeAll(async () => {
  ({ stage, server } = await openServed(env));
});
afterAll(() => stage.close());

test('over https another host of the domain sets no cookie of the console: their names demand that', async () => {
  const proxied = await stage.startServer({ ...env, RENDERONCE_TRUSTED_PROXY_HOPS: '1' });
  const https = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '192.0.2.1' };
  const visitor = new Session(proxied);
  await visitor.get('/sign-in', https);
  const { status } = await visitor.post('/sign-in', { token: tokens.shop }, https);
  expect(status).toBe(303);
  expect(visitor.headers).toHaveLength(2);
  for (const header of visitor.headers)
    expect(header).toMatch(/^__Host-renderonce_\w+=.*; Secure.*; Path=\//);
  expect((await visitor.get('/', https)).status).toBe(200);
  // What another host can set has another name.
  const tossed = new Session(proxied);
  for (const [name, value] of Object.entries(visitor.cookies))
    tossed.cookies[name.replace('__Host-', '')] = value;
  expect((await tossed.get('/', https)).status).toBe(303);
});

test('the session of a visitor is a new one after the sign-in, and so are its forms', async () => {
  const visitor = new Session(server);
  await visitor.get('/sign-in');
  const { form } = visitor;
  visitor.cookies['renderonce_session'] =
    (await Session.signedIn(server, tokens.mail)).cookies['renderonce_session'] ?? '';
  const fixed = visitor.cookies['renderonce_session'];
  await visitor.get('/try');
  const { form: known } = visitor;
  await visitor.post('/sign-in', { token: tokens.shop });
  expect(visitor.cookies['renderonce_session']).not.toBe(fixed);
  const key = freshKey('fixed');
  const fields = { key, movie: JSON.stringify(CARD), do: 'submit' };
  for (const old of [form, known])
    expect((await visitor.post('/try', { ...fields, form: old })).status).toBe(403);
  expect(await stage.fake.movies(`shop:${key}`)).toEqual([]);
});

test('after a sign-out nothing of a session is left in a browser, and no page is kept by one', async () => {
  const visitor = await Session.signedIn(server, tokens.shop);
  const key = freshKey('kept');
  await visitor.post('/try', { key, movie: JSON.stringify(CARD), do: 'submit' });
  await stage.renders.result(`shop:${key}`);
  for (const path of ['/', `/render?key=${key}`, `/render/movie?key=${key}`, '/credits', '/attention'])
    expect((await visitor.get(path)).headers.get('cache-control')).toBe('no-store');
  // A video is kept for the cookie of its session only.
  expect((await visitor.get(`/video?key=${key}`)).headers.get('vary')).toBe('cookie');
  await visitor.get('/try');
  expect((await visitor.post('/sign-out', {})).headers.get('location')).toBe('/sign-in');
  expect(visitor.cookies['renderonce_session']).toBe('');
  expect(visitor.headers.at(-1)).toContain('Max-Age=0');
});

test('a part of a page that asks after the end of its session has the page loaded again, and shows no sign-in', async () => {
  for (const path of ['/render/live?key=x', '/?part=rows']) {
    const { status, headers, text } = await new Session(server).get(path, { 'hx-request': 'true' });
    expect({ status, refresh: headers.get('hx-refresh'), text }).toEqual({
      status: 204,
      refresh: 'true',
      text: '',
    });
  }
});

test('nobody makes the server read a long form before the sign-in, or takes a token from an address', async () => {
  const visitor = new Session(server);
  await visitor.get('/sign-in');
  for (const path of ['/sign-in', '/sign-out'])
    expect((await visitor.post(path, { token: 'x'.repeat(20_000) })).status).toBe(413);
  await visitor.get(`/sign-in?token=${tokens.shop}`);
  expect((await visitor.get(`/?token=${tokens.shop}`)).status).toBe(303);
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { Session } from './session-by-hand.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({
  shop: ['submit+read+decide', 'shop'],
  mail: ['submit+read+decide', 'mail'],
  reader: ['read', 'shop'],
  sender: ['submit', 'shop'],
  boss: ['admin'],
});
const PAGES = [
  '/',
  '/attention',
  '/try',
  '/credits',
  '/design',
  '/render?key=x',
  '/render/live?key=x',
  '/render/movie?key=x',
  '/video?key=x',
];
const FORMS = ['/try', '/render/cancel', '/render/decide', '/render/replay'];

let stage: Stage;
let server: Running;
let open: Running;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  [server, open] = await Promise.all([stage.startServer(env), stage.startServer(), stage.hostWorker()]);
});
afterAll(() => stage.close());

describe('without a session', () => {
  test.each(PAGES)('%s leads to the sign-in, and back from there', async (path) => {
    const { status, headers } = await new Session(server).get(path);
    expect({ status, location: headers.get('location') }).toEqual({
      status: 303,
      location: `/sign-in?${new URLSearchParams({ to: path }).toString()}`,
    });
  });

  test.each(FORMS)('a form to %s changes nothing', async (path) => {
    const key = freshKey('nobody');
    const visitor = new Session(server);
    await visitor.get('/sign-in');
    const sent = await visitor.post(path, {
      key,
      movie: JSON.stringify(CARD),
      do: 'submit',
      confirmed: 'yes',
    });
    expect(sent.headers.get('location')).toBe('/sign-in');
    expect(await stage.fake.movies(key)).toEqual([]);
  });

  test.each(['//example.com', '/\\example.com', 'https://example.com', '/\t/example.com', 'x'])(
    'the sign-in leads nobody to %s',
    async (to) => {
      const visitor = new Session(server);
      await visitor.get('/sign-in');
      const answer = await visitor.post('/sign-in', { token: tokens.shop, to });
      expect(answer.headers.get('location')).toBe('/');
    },
  );
});

test('a token without read, a forged one and none begin no session', async () => {
  for (const [token, status] of [
    [tokens.sender, 403],
    ['ro_shop_forged', 401],
    ['', 401],
    ['x'.repeat(300), 401],
  ] as const) {
    const visitor = new Session(server);
    await visitor.get('/sign-in');
    expect((await visitor.post('/sign-in', { token })).status).toBe(status);
    expect((await visitor.get('/')).status).toBe(303);
  }
});

test('the cookie is out of reach of scripts and of other sites, holds no token, and a changed one is none', async () => {
  const visitor = await Session.signedIn(server, tokens.shop);
  for (const header of visitor.headers)
    expect(header).toMatch(/HttpOnly.*SameSite=Strict|SameSite=Strict.*HttpOnly/);
  expect(visitor.cookies['renderonce_session']).not.toContain(tokens.shop.slice(8));
  expect((await visitor.get('/')).status).toBe(200);
  const sealed = visitor.cookies['renderonce_session'] ?? '';
  for (const forged of [
    `${sealed.slice(0, -2)}AA`,
    sealed.slice(1),
    tokens.shop,
    env.RENDERONCE_TOKENS.split(':')[3] ?? '',
  ]) {
    visitor.cookies['renderonce_session'] = forged;
    expect({ forged, status: (await visitor.get('/')).status }).toEqual({ forged, status: 303 });
  }
});

test('a session ends with its token, and with any change of the list', async () => {
  const visitor = await Session.signedIn(server, tokens.shop);
  const [, ...others] = env.RENDERONCE_TOKENS.split(',');
  const other = await stage.startServer({ RENDERONCE_TOKENS: others.join(',') });
  expect((await visitor.at(other).get('/')).status).toBe(303);
});

test('a form without its token, with that of another session, or from another site changes nothing', async () => {
  const key = freshKey('forged');
  const fields = { key, movie: JSON.stringify(CARD), do: 'submit' };
  const visitor = await Session.signedIn(server, tokens.shop);
  const eve = await Session.signedIn(server, tokens.mail);
  const answers = [
    await visitor.post('/try', { ...fields, form: '' }),
    await visitor.post('/try', { ...fields, form: eve.form }),
    await visitor.post('/try', fields, { 'sec-fetch-site': 'cross-site' }),
    await visitor.post('/try', fields, { 'sec-fetch-site': 'same-site' }),
    await visitor.post('/try', fields, { 'content-type': 'text/plain' }),
    await visitor.post('/try', fields, { 'content-type': 'application/json' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 415, 415]);
  expect(await stage.fake.movies(`shop:${key}`)).toEqual([]);
  // The same fields, as the page itself sends them.
  expect((await visitor.post('/try', fields)).headers.get('location')).toBe(`/render?key=${key}`);
});

test('the same form, sent ten times at once and once more, is paid for once', async () => {
  const key = freshKey('twice');
  const visitor = await Session.signedIn(server, tokens.shop);
  const fields = { key, movie: JSON.stringify(CARD), do: 'submit' };
  const answers = await Promise.all(Array.from({ length: 10 }, () => visitor.post('/try', fields)));
  answers.push(await visitor.post('/try', fields));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([303]));
  expect(await stage.fake.movies(`shop:${key}`)).toHaveLength(1);
  const changed = await visitor.post('/try', {
    ...fields,
    movie: JSON.stringify({ ...CARD, comment: 'other' }),
  });
  expect({ status: changed.status, text: changed.text }).toMatchObject({
    status: 422,
    text: expect.stringContaining('comment'),
  });
  expect(await stage.fake.movies(`shop:${key}`)).toHaveLength(1);
});

test('a text that is no JSON adds nothing to what is sent', async () => {
  const visitor = await Session.signedIn(server, tokens.shop);
  for (const movie of ['{"scenes":[]},"options":{"restart":true}', '{}}', '', '[]', '"x"']) {
    const key = freshKey('text');
    const { status } = await visitor.post('/try', { key, movie, do: 'submit' });
    expect({ movie, status }).toEqual({ movie, status: 400 });
    expect(await stage.fake.movies(`shop:${key}`)).toEqual([]);
  }
});

test('without tokens there is no sign-in, and a page of another origin gets nothing', async () => {
  const visitor = new Session(open);
  expect((await visitor.get('/try')).status).toBe(200);
  expect((await visitor.get('/', { host: 'evil.example' })).status).toBe(403);
  const key = freshKey('open');
  const fields = { key, movie: JSON.stringify(CARD), do: 'submit' };
  expect((await visitor.post('/try', fields, { origin: 'https://evil.example' })).status).toBe(403);
  expect((await visitor.post('/try', { ...fields, form: '' })).status).toBe(403);
  expect(await stage.fake.movies(key)).toEqual([]);
  expect((await visitor.post('/try', fields)).status).toBe(303);
});

test('every page forbids scripts and styles within it, frames, and other hosts', async () => {
  const visitor = await Session.signedIn(server, tokens.shop);
  for (const path of [...PAGES.slice(0, 5), '/render?key=unknown', '/sign-in']) {
    const { headers } = await visitor.get(path);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/default-src 'none'.*script-src 'self'.*style-src 'self'.*frame-ancestors 'none'/);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

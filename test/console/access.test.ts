import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTokens } from '../http/tokens-for-tests.js';
import { call, MOVIE, pathOf } from '../http/http-stage.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, type Stage } from '../support/stage.js';
import { openServed } from './console-stage.js';
import { Session } from './session-by-hand.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({
  shop: ['submit+read+decide', 'shop'],
  mail: ['submit+read+decide', 'mail'],
  reader: ['read', 'shop'],
  boss: ['admin'],
});

let stage: Stage;
let server: Running;
beforeAll(async () => {
  ({ stage, server } = await openServed(env));
});
afterAll(() => stage.close());

const started = async (token: string): Promise<string> => {
  const key = freshKey('console');
  expect((await call(server, 'PUT', pathOf(key), { token, body: MOVIE })).status).toBe(201);
  return key;
};

test('who may read sees no form that changes something, and sends none', async () => {
  const key = await started(tokens.shop);
  const visitor = await Session.signedIn(server, tokens.reader);
  const page = await visitor.get(`/render?key=${key}`);
  expect(page.text).toContain(key);
  expect(page.text).not.toMatch(/action="\/render/);
  const other = freshKey('reader');
  const answers = [
    await visitor.post('/try', { key: other, movie: JSON.stringify(CARD), do: 'submit' }),
    await visitor.post('/render/cancel', { key }),
    await visitor.post('/render/decide', { key, action: 'abandon', by: 'eve', why: 'x', confirmed: 'yes' }),
    await visitor.post('/render/replay', { key }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect(await stage.fake.movies(`shop:${other}`)).toEqual([]);
});

test('a tenant sees its own renders only: the key of another is unknown on every page', async () => {
  const key = await started(tokens.mail);
  const { project } = await stage.renders.result(`mail:${key}`);
  const visitor = await Session.signedIn(server, tokens.shop);
  for (const name of [key, `mail:${key}`, `mail\\:${key}`]) {
    const query = new URLSearchParams({ key: name }).toString();
    const answers = [
      await visitor.get(`/render?${query}`),
      await visitor.get(`/render/live?${query}`),
      await visitor.get(`/render/movie?${query}`),
      await visitor.get(`/video?${query}`),
      await visitor.post('/render/cancel', { key: name }),
      await visitor.post('/render/replay', { key: name }),
      await visitor.post('/render/decide', { key: name, action: 'abandon', by: 'eve', why: 'x' }),
    ];
    for (const { status, text } of answers) {
      expect(status).toBe(404);
      expect(text).not.toContain(project);
    }
  }
  for (const path of ['/', `/?q=${key}`, `/?q=${project}`, '/attention', '/credits']) {
    const { status, text } = await visitor.get(path);
    expect(status).toBe(200);
    expect(text.replaceAll(`value="${path.slice(4)}"`, '').replaceAll(`q=${path.slice(4)}`, '')).not.toMatch(
      new RegExp(`${key}|${project}`),
    );
  }
  const own = await Session.signedIn(server, tokens.mail);
  expect((await own.get(`/?q=${project}`)).text).toContain(`key=${key}`);
  expect((await own.get(`/video?key=${key}`)).headers.get('content-type')).toBe('video/mp4');
});

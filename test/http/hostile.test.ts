import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { call, MOVIE, pathOf, sendRaw } from './http-stage.js';
import { makeTokens } from './tokens-for-tests.js';

expectNoProcessLeft();

const { tokens, env } = makeTokens({ shop: ['submit+read', 'shop'], boss: ['admin'] });

let stage: Stage;
let server: Running;
beforeAll(async () => {
  stage = await openStage();
  server = await stage.startServer(env);
});
afterAll(() => stage.close());

describe('a key that could be read in two ways is refused', () => {
  test.each([
    ['a NUL', 'a%00b', 400],
    ['a line break', 'a%0Ab', 400],
    ['a decomposed letter', 'e%CC%81', 400],
    ['an invisible character', 'a%E2%80%8Bb', 400],
    ['bytes that are no UTF-8', 'a%FF', 400],
    ['half of an escape', 'a%2', 400],
    ['more than 200 bytes', 'k'.repeat(201), 400],
    ['more than 200 bytes with the tenant', 'k'.repeat(198), 400],
    ['far more than 200 bytes', 'k'.repeat(9_000), 400],
    ['a reserved beginning', 'renderonce.review:x', 400],
  ])('%s', async (_, path, status) => {
    const answer = await call(server, 'PUT', `/v1/renders/${path}`, { token: tokens.shop, body: MOVIE });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});

test('CORS is closed: no answer lets a page of another origin read it', async () => {
  for (const method of ['OPTIONS', 'GET']) {
    const { headers } = await call(server, method, '/v1/renders', {
      token: tokens.boss,
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'PUT' },
    });
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

const headOf = (key: string, length: number, more = ''): string =>
  `PUT ${pathOf(key)} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nauthorization: Bearer ${tokens.boss}\r\n${more}content-length: ${length}\r\n\r\n`;

describe('a body that is none', () => {
  const deep = `{"movie":{"scenes":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`;
  test.each([
    ['over 2 MB', JSON.stringify({ movie: { comment: 'x'.repeat(2_000_000) } }), 413, 'BodyTooLarge'],
    ['nested without end', deep, 400, 'MovieInvalid'],
    ['no JSON', '{"movie":{"scenes":[}', 400, 'RequestInvalid'],
    ['a list', '[]', 400, 'RequestInvalid'],
    ['the movie itself', JSON.stringify(CARD), 400, 'MovieInvalid'],
    ['without a movie', '{}', 400, 'MovieInvalid'],
    [
      'a number that loses digits',
      '{"movie":{"client-data":{"id":12345678901234567890}}}',
      400,
      'MovieInvalid',
    ],
    [
      'with an unknown option',
      JSON.stringify({ ...MOVIE, options: { pollSecond: 5 } }),
      400,
      'OptionsInvalid',
    ],
    [
      'with an option out of bounds',
      JSON.stringify({ ...MOVIE, options: { pollSeconds: 1 } }),
      400,
      'OptionsInvalid',
    ],
    [
      'with a private address',
      '{"movie":{"scenes":[{"elements":[{"type":"image","src":"http://10.0.0.1/"}]}]}}',
      400,
      'MovieInvalid',
    ],
  ])('%s is refused, and starts nothing', async (_, body, status, code) => {
    const key = freshKey('body');
    const answer = await call(server, 'PUT', pathOf(key), { token: tokens.boss, body });
    expect(answer).toMatchObject({ status, body: { code, status } });
    await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound' });
  });

  test('of another type is 415', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await call(server, 'PUT', pathOf(freshKey('type')), {
      token: tokens.boss,
      body: MOVIE,
      headers,
    });
    expect(answer).toMatchObject({ status: 415, body: { code: 'MediaTypeUnsupported' } });
  });

  test('longer than it says, or shorter, starts nothing', async () => {
    const key = freshKey('length');
    const body = JSON.stringify(MOVIE);
    const short = await sendRaw(server, headOf(key, body.length + 50) + body, 1_000);
    expect(short).toBe('');
    const long = await sendRaw(server, headOf(key, body.length - 5, 'connection: close\r\n') + body, 5_000);
    expect(long).toMatch(/^HTTP\/1\.1 400 /);
    const said = await sendRaw(server, headOf(key, 9_000_000), 5_000);
    expect(said).toMatch(/^HTTP\/1\.1 413 /);
    await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound' });
  });
});

test('two headers Idempotency-Key are refused, also if they agree', async () => {
  const key = freshKey('two');
  const body = JSON.stringify(MOVIE);
  const two = `idempotency-key: ${key}\r\nidempotency-key: ${key}\r\nconnection: close\r\n`;
  const head = headOf(key, body.length, two).replace(/^PUT \S+/, 'POST /v1/renders');
  expect(await sendRaw(server, head + body, 5_000)).toMatch(/^HTTP\/1\.1 400 [^]*KeyInvalid/);
  await expect(stage.renders.status(key)).rejects.toMatchObject({ code: 'KeyNotFound' });
});

test('an unknown route and a wrong method are problems, and no answer names the engine', async () => {
  for (const [method, path] of [
    ['GET', '/v2'],
    ['PATCH', pathOf('x')],
    ['QUERY', pathOf('x')],
    ['GET', '/v1/renders/a/b/c'],
  ] as const) {
    const answer = await call(server, method, path, { token: tokens.boss });
    const isWrongMethod = method !== 'GET';
    expect(answer.status).toBe(isWrongMethod ? 405 : 404);
    expect(answer.headers.get('allow')).toBe(isWrongMethod ? 'PUT, GET, DELETE' : null);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.text).not.toContain(stage.engine.address);
  }
});

describe('bytes that are no request get a problem, too', () => {
  test.each([
    ['no HTTP', 'HELLO\r\n\r\n', 400, 'RequestInvalid'],
    [
      'two lengths',
      'POST /v1/renders HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      400,
      'RequestInvalid',
    ],
    [
      'a header of 20 kB',
      `GET /healthz HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'HeadersTooLarge',
    ],
    ['headers that never end', 'GET /healthz HTTP/1.1\r\nhost: x\r\n', 408, 'RequestTimeout'],
  ])('%s', async (_, bytes, status, code) => {
    const text = await sendRaw(server, bytes, 10_000);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain('content-type: application/problem+json');
    const [, body = ''] = text.split('\r\n\r\n');
    expect(JSON.parse(body)).toMatchObject({ status, code, next: expect.any(String) });
  });
});

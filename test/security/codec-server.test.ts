import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { encryptingCodec } from '../../src/codec/index.js';
import { startCodecServer } from '../../src/codec/server.js';

const TOKEN = 'a-token-of-the-test-that-is-long-enough';
const UI = 'http://127.0.0.1:8233';
const codec = encryptingCodec(`k:${Buffer.alloc(32, 1).toString('base64')}`);
const PLAIN = { metadata: { encoding: base64('json/plain') }, data: base64('"Ada"') };

let server: Awaited<ReturnType<typeof startCodecServer>>;
beforeAll(async () => {
  server = await startCodecServer({ codec, token: TOKEN, uiOrigins: [UI], host: '127.0.0.1', port: 0 });
});
afterAll(() => server.stop());

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** As a raw client does: nothing is added to the headers. */
function ask({ path, method = 'POST', headers = {}, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sending = request(`${server.url}${path}`, { method, headers, agent: false }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text }));
    });
    sending.on('error', reject).end(body);
  });
}

const json = (payloads: unknown, headers: Record<string, string> = {}): Pick<Call, 'headers' | 'body'> => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ payloads }),
});

const answered = z.object({
  payloads: z.array(z.object({ metadata: z.record(z.string(), z.string()), data: z.string() })),
});
const payloadsIn = ({ text }: Answer): unknown => answered.parse(JSON.parse(text)).payloads;

describe('with the token', () => {
  test('what the server encodes it decodes, by header and by path alike', async () => {
    const bearer = { authorization: `Bearer ${TOKEN}` };
    const encoded = payloadsIn(await ask({ path: '/encode', ...json([PLAIN, PLAIN], bearer) }));
    expect(JSON.stringify(encoded)).not.toContain(PLAIN.data);
    for (const call of [
      { path: '/decode', ...json(encoded, bearer) },
      { path: `/${TOKEN}/decode`, ...json(encoded) },
    ]) {
      const answer = await ask(call);
      expect([answer.status, payloadsIn(answer)]).toEqual([200, [PLAIN, PLAIN]]);
    }
    expect(payloadsIn(await ask({ path: `/${TOKEN}/decode`, ...json([PLAIN, { data: '' }]) }))).toEqual([
      PLAIN,
      { metadata: {}, data: '' },
    ]);
  });

  test('an altered payload is refused with its reason', async () => {
    const metadata = {
      encoding: base64('binary/renderonce-encrypted-1'),
      'encryption-key-id': base64('k'),
    };
    const answer = await ask({
      path: `/${TOKEN}/decode`,
      ...json([{ metadata, data: base64('x'.repeat(40)) }]),
    });
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('altered')]);
  });

  test.each([
    ['no JSON', 'x'],
    ['no payloads', '{}'],
    ['a number for data', '{"payloads":[{"metadata":{},"data":5}]}'],
    ['no base64', '{"payloads":[{"metadata":{},"data":"%"}]}'],
    ['a prototype', '{"payloads":[{"metadata":{},"data":"","__proto__":{"x":1}}]}'],
  ])('%s is refused, and no inner error is told', async (_what, body) => {
    const answer = await ask({
      path: `/${TOKEN}/decode`,
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect([answer.status, answer.text]).toEqual([
      400,
      '{"message":"This is not a request of the Temporal UI or CLI."}',
    ]);
  });
});

describe('without the token nothing is encoded or decoded', () => {
  test.each([
    ['none', '/decode', {}],
    ['another one', '/decode', { authorization: `Bearer ${TOKEN.replace('a', 'b')}` }],
    ['one that is cut short', '/decode', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ['one that is too long', '/decode', { authorization: `Bearer ${TOKEN}x` }],
    ['one of another scheme', '/encode', { authorization: `Basic ${TOKEN}` }],
    ['one without a scheme', '/encode', { authorization: TOKEN }],
    ['another one in the path', `/${TOKEN}x/decode`, {}],
    [
      'another one in the path beside the good one in a header',
      '/x/encode',
      { authorization: `Bearer ${TOKEN}` },
    ],
    ['an empty one', '//decode', {}],
  ])('%s', async (_what, path, headers) => {
    const answer = await ask({ path, ...json([PLAIN], headers) });
    expect([answer.status, answer.text]).toEqual([401, '']);
  });

  test('a body is not read before the token is', async () => {
    const answer = await ask({ path: '/decode', headers: { 'content-type': 'application/json' }, body: 'x' });
    expect(answer.status).toBe(401);
  });

  test.each([
    ['GET', '/decode'],
    ['POST', '/'],
    ['POST', `/${TOKEN}`],
    ['POST', `/${TOKEN}/encrypt`],
  ])('%s %s does not exist', async (method, path) => {
    expect((await ask({ method, path })).status).toBe(404);
  });

  test('a token that can be guessed is refused at the start', async () => {
    const start = startCodecServer({ codec, token: 'short', uiOrigins: [], host: '127.0.0.1', port: 0 });
    await expect(start).rejects.toThrow(/RENDERONCE_CODEC_TOKEN must have at least 32 bytes/);
  });
});

describe('pages in a browser', () => {
  const preflight = (origin: string): Call => ({
    method: 'OPTIONS',
    path: `/${TOKEN}/decode`,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-namespace',
    },
  });

  test('of the UI may ask and read the answer', async () => {
    expect(await ask(preflight(UI))).toMatchObject({
      status: 204,
      headers: {
        'access-control-allow-origin': UI,
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, x-namespace',
        vary: 'Origin',
      },
    });
    const answer = await ask({ path: `/${TOKEN}/decode`, ...json([PLAIN], { origin: UI }) });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, UI]);
  });

  test.each([
    'http://127.0.0.1:8234',
    'https://127.0.0.1:8233',
    'http://127.0.0.1:8233.evil.example',
    'null',
    '',
  ])('of %j are refused, even with the token', async (origin) => {
    for (const call of [preflight(origin), { path: `/${TOKEN}/decode`, ...json([PLAIN], { origin }) }]) {
      const answer = await ask(call);
      expect([answer.status, answer.text]).toEqual([403, '']);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });
});

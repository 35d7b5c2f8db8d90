import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectNoProcessLeft, runCommand, type Running } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';
import { call, sendRaw } from './http-stage.js';

expectNoProcessLeft();

const SECRET = '0123456789abcdef'.repeat(4);

let stage: Stage;
let open: Running;
beforeAll(async () => {
  stage = await openStage();
  open = await stage.startServer({ RENDERONCE_WEBHOOK_SECRET: SECRET });
});
afterAll(() => stage.close());

describe('without tokens', () => {
  test.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a Host that only begins like ours', { host: '127.0.0.1.evil.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['the Origin of another port', { origin: 'http://127.0.0.1:1' }],
    ['no Origin of a file', { origin: 'null' }],
  ])('%s is refused', async (_, headers) => {
    const { port } = new URL(String(open.said['url']));
    const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const request = `GET /v1/renders HTTP/1.1\r\n${lines.join('\r\n')}\r\nconnection: close\r\n\r\n`;
    expect(await sendRaw(open, request, 5_000)).toMatch(/^HTTP\/1\.1 403 [^]*OriginRefused/);
  });

  test.each([
    ...[
      '/v1/renders',
      '/v2/movies?project=a',
      '/',
      '/try',
      '/metrics',
      '/openapi.json',
      '/docs/errors.md',
    ].map((path) => [path, 403] as const),
    // The provider and the probes of a machine know the server by another name.
    ...['/healthz', '/readyz'].map((path) => [path, 200] as const),
  ])('%s answers a foreign Host with %i', async (path, status) => {
    const request = `GET ${path} HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n`;
    expect(await sendRaw(open, request, 5_000)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test('a webhook reaches it under any name', async () => {
    const request =
      'POST /json2video/forged HTTP/1.1\r\nhost: hooks.example\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
    const answer = await sendRaw(open, request, 5_000);
    expect(answer).toMatch(/^HTTP\/1\.1 \d+ /);
    expect(answer).not.toMatch(/OriginRefused|RouteUnknown/);
  });

  test('a request for the server itself is served, and an address that others reach is refused at the start', async () => {
    expect((await call(open, 'GET', '/v1/renders')).status).toBe(200);
    const refused = await runCommand(['server', '--json'], { ...stage.env, RENDERONCE_LISTEN: '0.0.0.0:0' });
    expect(refused.code).toBe(2);
    expect(refused.stdout + refused.stderr).toContain('RENDERONCE_TOKENS');
  });
});

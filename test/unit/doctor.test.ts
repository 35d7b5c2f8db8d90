import { expect, test } from 'vitest';
import { type Check, checkLine } from '../../src/cli/commands/doctor/check.js';
import { engineChecks } from '../../src/cli/commands/doctor/engine-checks.js';
import { checkProvider, providerChecks } from '../../src/cli/commands/doctor/provider-checks.js';
import { webhookChecks } from '../../src/cli/commands/doctor/webhook-checks.js';
import { notPublicBecause } from '../../src/cli/webhook.js';
import { readConfig } from '../../src/config.js';
import { createJson2Video } from '../../src/json2video/client.js';
import type { probeAccount } from '../../src/json2video/probe-account.js';
import { answering, jsonReply, refusedUrl, releaseServers } from './raw-server.js';

releaseServers();

const SECRET = 'a-secret-that-is-long-enough-to-sign-with';
const FACTS = {
  address: 'localhost:7233',
  serverVersion: '1.32.0',
  setup: { namespace: 'videos', retentionDays: 30, missingSearchAttributes: [] },
  workers: workersOf(true),
};

function workersOf(isThere: boolean) {
  return {
    taskQueue: 'renderonce',
    serving: { versions: [], hasUnversioned: isThere },
    configured: undefined,
    old: [],
    target: { namespace: 'videos' },
  };
}

/** Returns each check that is not ok, with its level. */
function troubles(checks: readonly Check[]): Record<string, string> {
  for (const { level, fix } of checks) expect(fix !== undefined).toBe(level !== 'ok');
  const bad = checks.filter(({ level }) => level !== 'ok');
  return Object.fromEntries(bad.map(({ name, level }) => [name, level]));
}

test.each([
  [FACTS, {}, {}],
  [{ ...FACTS, serverVersion: '1.27.2' }, {}, { engine: 'wrong' }],
  [{ ...FACTS, workers: workersOf(false) }, {}, { workers: 'wrong' }],
  [FACTS, { RENDERONCE_KEY_MEMORY_DAYS: '31' }, { 'key memory': 'wrong' }],
  [
    { ...FACTS, setup: { ...FACTS.setup, missingSearchAttributes: ['RenderState'] } },
    {},
    { 'search attributes': 'wrong' },
  ],
  [
    { ...FACTS, setup: { ...FACTS.setup, mistypedSearchAttributes: ['RenderState'] } },
    {},
    { 'search attributes': 'wrong' },
  ],
  [
    { ...FACTS, workers: undefined, setup: { namespace: 'x', missingSearchAttributes: ['RenderState'] } },
    {},
    { namespace: 'wrong', workers: 'wrong' },
  ],
])('each lack of an engine is wrong, and has a fix: %#', (facts, env, expected) => {
  expect(troubles(engineChecks(facts, readConfig(env)))).toEqual(expected);
});

type AccountProbe = Awaited<ReturnType<typeof probeAccount>>;
const ANSWERED: AccountProbe = { says: 'accepted', message: 'HTTP 200', aheadMs: 0 };

test.each<[AccountProbe, object]>([
  [ANSWERED, {}],
  [{ ...ANSWERED, says: 'refused' }, { 'API key': 'wrong' }],
  [{ ...ANSWERED, says: 'no-credits', creditsLeft: 0 }, { 'API key': 'warning' }],
  [{ ...ANSWERED, says: 'unclear' }, { 'API key': 'warning' }],
  [
    { says: 'unreachable', message: 'ECONNREFUSED' },
    { 'API key': 'wrong', clock: 'warning' },
  ],
  [{ ...ANSWERED, aheadMs: -4_900 }, {}],
  [{ ...ANSWERED, aheadMs: -5_000 }, { clock: 'warning' }],
  [{ ...ANSWERED, aheadMs: 300_000 }, { clock: 'wrong' }],
  [{ says: 'accepted', message: 'HTTP 200' }, { clock: 'warning' }],
])('the checks of key and clock follow from the reply of the provider: %j', (probe, expected) => {
  expect(troubles(providerChecks(probe, readConfig({ JSON2VIDEO_API_KEY: 'x' })))).toEqual(expected);
});

test('a missing API key is a warning, since the machine may run no worker', () => {
  const refused: AccountProbe = { says: 'refused', message: 'HTTP 400', aheadMs: 0 };

  expect(troubles(providerChecks(refused, readConfig({})))).toEqual({ 'API key': 'warning' });
});

const LOCAL = { JSON2VIDEO_URL: 'http://127.0.0.1:8090' };
const SIGNED = { RENDERONCE_WEBHOOK_SECRET: SECRET };
const PUBLIC = { RENDERONCE_WEBHOOK_URL: 'https://hooks.example.com' };

test.each([
  [{}, undefined, {}],
  [{ ...PUBLIC, ...SIGNED }, { status: 400 }, {}],
  [{ ...PUBLIC, ...SIGNED }, { status: 404 }, { receiver: 'wrong' }],
  [{ ...PUBLIC, ...SIGNED }, { status: 502 }, { receiver: 'warning' }],
  [{ ...PUBLIC, ...SIGNED }, { unreachable: 'ENOTFOUND' }, { receiver: 'warning' }],
  [PUBLIC, undefined, { 'webhook secret': 'wrong' }],
  [
    { ...SIGNED, RENDERONCE_WEBHOOK_URL: 'http://hooks.example.com' },
    { status: 400 },
    { 'webhook URL': 'warning' },
  ],
  [{ ...LOCAL, ...SIGNED, RENDERONCE_WEBHOOK_URL: 'http://127.0.0.1:8080' }, { status: 400 }, {}],
])('the checks of webhooks follow from the settings %j and the answer %j', (env, probe, expected) => {
  expect(troubles(webhookChecks(readConfig(env), probe))).toEqual(expected);
});

test.each([
  ['https://hooks.example.com', true],
  ['https://93.184.216.34', true],
  ['https://[2606:2800:220:1::1]', true],
  ['https://localhost', false],
  ['https://127.0.0.2', false],
  ['https://10.1.2.3', false],
  ['https://172.31.0.1', false],
  ['https://172.32.0.1', true],
  ['https://192.168.1.1', false],
  ['https://[::1]', false],
  ['https://[fd00::1]', false],
  ['https://receiver', false],
  ['https://receiver.default.svc.cluster.local', false],
  ['http://hooks.example.com', false],
])('the provider reaches %s: %s', (url, isPublic) => {
  expect(notPublicBecause(url) === undefined).toBe(isPublic);
});

test('a check is one line with its fix', () => {
  expect(checkLine({ name: 'workers', level: 'wrong', message: 'none', fix: 'start one' })).toBe(
    'wrong    workers            none. Fix: start one',
  );
});

const NOW_MS = Date.parse('2026-11-24T10:00:10Z');

async function probeAt(url: string): Promise<AccountProbe> {
  const json2video = createJson2Video({ url, apiKey: 'secret-key', now: () => NOW_MS });
  try {
    return await json2video.probe();
  } finally {
    await json2video.close();
  }
}

test.each([
  ['200 OK', { success: true, movies: [] }, 'accepted'],
  ['200 OK', { success: true, movies: [], remaining_quota: { time: 1807 } }, 'accepted'],
  ['200 OK', { success: true, movies: [], remaining_quota: { time: 0 } }, 'no-credits'],
  ['400 Bad Request', { success: false, message: 'Insufficient credits' }, 'no-credits'],
  ['403 Forbidden', { message: 'account_suspended' }, 'no-credits'],
  ['400 Bad Request', { success: false, message: 'Error: Invalid API Key' }, 'refused'],
  ['403 Forbidden', { message: 'Insufficient permissions' }, 'refused'],
  ['400 Bad Request', { message: 'no such parameter' }, 'unclear'],
  ['503 Service Unavailable', { message: 'later' }, 'unclear'],
  ['200 OK', ['a proxy'], 'unclear'],
])('the probe of the account is a call that renders nothing: %s %j', async (status, body, says) => {
  const server = await answering(jsonReply(status, body));
  const found = await probeAt(server.url.origin);

  expect(found.says).toBe(says);
  const { head } = await (await server.first()).request;
  expect(head).toMatch(/^GET \/v2\/movies\?limit=1&format=simple HTTP/);
  expect(head).toMatch(/^x-api-key: secret-key$/m);
});

test('the clock is compared with the provider, and an unreachable provider is reported', async () => {
  const body = '{"success":true}';
  const date = 'date: Tue, 24 Nov 2026 10:00:00 GMT';
  const server = await answering(
    `HTTP/1.1 200 OK\r\n${date}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );

  expect(await probeAt(server.url.origin)).toEqual({ says: 'accepted', message: 'HTTP 200', aheadMs: 9_500 });
  expect(await probeAt((await refusedUrl()).origin)).toMatchObject({ says: 'unreachable' });
});

test('the proxy is shown, without its password, and what it refuses', async () => {
  const proxy = await answering('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
  const HTTPS_PROXY = `http://user:secret@${proxy.url.host}`;
  const checks = await checkProvider(readConfig({ JSON2VIDEO_API_KEY: 'x' }), { HTTPS_PROXY });

  expect(checks[0]).toEqual({
    name: 'proxy',
    level: 'ok',
    message: `https://api.json2video.com is reached through the proxy http://${proxy.url.host} (HTTPS_PROXY)`,
  });
  expect(checks[1]).toMatchObject({
    name: 'API key',
    level: 'wrong',
    message: expect.stringContaining(
      'tunnel to api.json2video.com:443: HTTP 407 Proxy Authentication Required',
    ),
  });
  expect(JSON.stringify(checks)).not.toContain('secret');
  const socks = await checkProvider(readConfig({}), { HTTPS_PROXY: 'socks5://127.0.0.1:1080' });
  expect(troubles(socks)).toEqual({ proxy: 'wrong' });
});

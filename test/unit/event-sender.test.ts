import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { Destinations } from '../../src/events/destinations.js';
import { createEventSender, type EventSender } from '../../src/events/sender.js';
import { verifyEvent } from '../../src/events/verify.js';
import { announcement } from '../../src/render/event.js';
import { Secret } from '../../src/text/secret.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';

const SECRETS = [
  'whsec_bmV3IHNlY3JldCBvZiAzMiByYW5kb20gYnl0ZXMh',
  'whsec_b2xkIHNlY3JldCBvZiAzMiByYW5kb20gYnl0ZXMh',
];
const DATA = { key: 'order-1', status: 'done', clientData: { order: 'ü€😀' } };
const EVENT = announcement(
  'render.done',
  { key: 'order-1', firstRunId: 'run', at: '2026-11-29T10:00:00Z' },
  DATA,
);

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.stop();
});

async function receiver(answer?: (response: ServerResponse) => void): Promise<EventReceiver> {
  const started = await startEventReceiver(answer);
  open.push(started);
  return started;
}

function senderTo(url: string, { allowPrivate = true, notifyHosts = [] as string[] } = {}): EventSender {
  const secrets = SECRETS.map((secret) => new Secret(secret));
  const destinations = new Destinations({ url, secrets, notifyHosts });
  const sender = createEventSender({ destinations, allowPrivate, now: Date.now });
  open.push({ stop: () => sender.close() });
  return sender;
}

const attempt = (url: string, options = {}) => senderTo(url, options).attempt(EVENT, 'default', 'default');

test('an event is signed by every secret of its destination, and a receiver with one of them verifies it', async () => {
  const { url, received } = await receiver();
  expect(await attempt(url)).toEqual({ end: 'delivered', status: 204 });
  const [got] = received;
  expect(got?.headers['content-type']).toBe('application/json');
  expect(String(got?.headers['webhook-signature']).split(' ')).toHaveLength(2);
  for (const secret of SECRETS) {
    expect(verifyEvent(got?.body ?? '', got?.headers ?? {}, secret)).toMatchObject({
      id: expect.stringMatching(/^evt_[\w-]{43}$/),
      type: 'render.done',
      timestamp: '2026-11-29T10:00:00Z',
      data: DATA,
    });
  }
});

test('its ID is the same on every attempt, and another in another namespace, for another run and of another type', async () => {
  const { url, received } = await receiver();
  const sender = senderTo(url);
  await sender.attempt(EVENT, 'default', 'default');
  await sender.attempt(EVENT, 'default', 'default');
  await sender.attempt(EVENT, 'default', 'other');
  await sender.attempt({ ...EVENT, subject: ['order-1', 'run 2'] }, 'default', 'default');
  await sender.attempt({ ...EVENT, type: 'render.kept' }, 'default', 'default');
  const [first, second, ...others] = received.map(({ headers }) => headers['webhook-id']);
  expect(second).toBe(first);
  expect(new Set([first, ...others]).size).toBe(4);
});

test.each([
  [200, { end: 'delivered', status: 200 }],
  [299, { end: 'delivered', status: 299 }],
  [302, { end: 'failed', message: 'HTTP 302' }],
  [400, { end: 'failed', message: 'HTTP 400' }],
  [410, { end: 'refused', message: 'HTTP 410: the receiver takes no further attempt' }],
  [503, { end: 'failed', message: 'HTTP 503', retryAfterMs: 120_000 }],
])('the answer %i means %j', async (status, verdict) => {
  const headers = status === 503 ? { 'retry-after': '120' } : {};
  const { url } = await receiver((response) => response.writeHead(status, headers).end());
  expect(await attempt(url)).toEqual(verdict);
});

test('header webhook-delivery: abort-message ends the delivery', async () => {
  const { url } = await receiver((response) =>
    response.writeHead(500, { 'webhook-delivery': 'abort-message' }).end(),
  );
  expect(await attempt(url)).toMatchObject({ end: 'refused' });
});

test('a redirect is followed to nobody', async () => {
  const target = await receiver();
  const { url, received } = await receiver((response) =>
    response.writeHead(307, { location: target.url }).end(),
  );
  expect(await attempt(url)).toMatchObject({ end: 'failed' });
  expect([received.length, target.received.length]).toEqual([1, 0]);
});

test('an answer whose body never ends counts by its status', async () => {
  const { url } = await receiver((response) => response.writeHead(200).write('x'.repeat(100_000)));
  expect(await attempt(url)).toMatchObject({ end: 'delivered' });
}, 20_000);

test('a receiver that is down, and one that hangs up, cost an attempt', async () => {
  const down = await receiver((response) => response.destroy());
  const { url } = down;
  expect(await attempt(url)).toMatchObject({ end: 'failed' });
  await down.stop();
  expect(await attempt(url)).toMatchObject({
    end: 'failed',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test.each([
  'http://127.0.0.1:9/',
  'http://[::1]:9/',
  'http://[::ffff:127.0.0.1]:9/',
  'http://2130706433:9/',
  'http://0x7f.1:9/',
  'http://169.254.169.254/latest',
  'http://10.1.2.3/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://0.0.0.0:9/',
  'http://localhost:9/',
])('no connection is made to %s', async (url) => {
  expect(await attempt(url, { allowPrivate: false })).toEqual({
    end: 'failed',
    message: expect.stringContaining('no public address'),
  });
});

test('a private receiver gets nothing, unless private addresses are allowed', async () => {
  const { url, received } = await receiver();
  await attempt(url, { allowPrivate: false });
  expect(received).toHaveLength(0);
});

test('a destination that this process does not know, or does not allow, costs no attempt', async () => {
  const sender = senderTo('http://127.0.0.1:9/', { notifyHosts: ['n8n.example.com', '*.hooks.example.com'] });
  const to = (target: Parameters<EventSender['attempt']>[1]) => sender.attempt(EVENT, target, 'default');
  expect(await to('shop')).toEqual({ end: 'not made', message: expect.stringContaining('shop') });
  expect(await to({ url: 'https://evil.example.com/' })).toMatchObject({ end: 'not made' });
  expect(await to({ url: 'https://hooks.example.com/' })).toMatchObject({ end: 'not made' });
  expect(await to({ url: 'https://n8n.example.com.evil.test/' })).toMatchObject({ end: 'not made' });
});

test('an address of a call is signed with the secret of the default', async () => {
  const { url, received } = await receiver();
  const sender = senderTo('http://127.0.0.1:9/', { notifyHosts: ['127.0.0.1'] });
  expect(await sender.attempt(EVENT, { url }, 'default')).toMatchObject({ end: 'delivered' });
  expect(verifyEvent(received[0]?.body ?? '', received[0]?.headers ?? {}, SECRETS[0] ?? '')).toMatchObject({
    type: 'render.done',
  });
});

test('a body has at most 20 kB: the data of the caller is left out first, and the body says so', async () => {
  const { url, received } = await receiver();
  const data = { ...DATA, clientData: { text: 'ü'.repeat(15_000) } };
  await senderTo(url).attempt({ ...EVENT, data }, 'default', 'default');
  const body = received[0]?.body ?? '';
  expect(Buffer.byteLength(body)).toBeLessThan(20_000);
  expect(JSON.parse(body)).toMatchObject({ data: { key: 'order-1', omitted: ['clientData'] } });
});

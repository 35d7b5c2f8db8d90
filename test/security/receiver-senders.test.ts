import { describe, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { closeSenders, RawSender, statusIn } from './raw-sender.js';
import { CLAIM, pathFor, rawRequest, receiverStage } from './receiver-stage.js';

expectNoProcessLeft();
const at = receiverStage();
closeSenders();

/** Deadlines of tests: short, and looked after often. */
const IMPATIENT = { headersMs: 300, requestMs: 600, sweepMs: 50 };
const NEVER = { headersMs: 60_000, requestMs: 60_000, sweepMs: 50 };

const chunked = (size: number): string => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`;
const CHUNKED = ['Content-Type: application/json', 'Transfer-Encoding: chunked'];

describe('a token is judged before anything of the body is read', () => {
  test('a stranger is answered and cut off while the body that was announced is still to come', async () => {
    const sender = await RawSender.connect(await at.startReceiver());
    sender.send(rawRequest('/json2video/nonsense', '', ['Content-Length: 60000']));
    expect(statusIn(await sender.ended)).toBe(404);
  });

  test('so is one who sends without end, and one who announces too much', async () => {
    const url = await at.startReceiver();
    const endless = await RawSender.connect(url);
    endless.send(rawRequest(pathFor('nobody', 'x'.repeat(32)), chunked(100_000), CHUNKED));
    const boaster = await RawSender.connect(url);
    boaster.send(rawRequest('/json2video/v1.a.1.b', '', ['Content-Length: 99999999999']));
    expect([statusIn(await endless.ended), statusIn(await boaster.ended)]).toEqual([404, 404]);
  });

  test('the control: with a good token the same announcement is waited for', async () => {
    const sender = await RawSender.connect(await at.startReceiver());
    const key = await at.openKey();
    sender.send(rawRequest(pathFor(key), '', [`Content-Length: ${CLAIM.length}`]));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sender.isOpen).toBe(true);
    sender.send(CLAIM);
    expect(statusIn(await sender.answered())).toBe(200);
    await sender.close();
  });
});

describe('a body over 64 KB is refused with 413, and nothing of it is forwarded', () => {
  test.each<[string, readonly string[], string]>([
    ['that says so', ['Content-Length: 65537'], ''],
    ['that says so beyond any number', [`Content-Length: ${'9'.repeat(15)}`], ''],
    ['that says nothing', CHUNKED, chunked(65_537)],
    ['in many pieces', CHUNKED, chunked(6_554).repeat(10)],
    ['that never ends', CHUNKED, chunked(1_000).repeat(70)],
  ])('%s', async (_, headers, body) => {
    const key = await at.openKey();
    const sender = await RawSender.connect(await at.startReceiver({ limits: NEVER }));
    sender.send(rawRequest(pathFor(key), body, headers));
    expect(statusIn(await sender.ended)).toBe(413);
    expect(await at.signalsOf(key)).toBe(0);
  });

  test('but one of 64 KB exactly is taken', async () => {
    const key = await at.openKey();
    const sender = await RawSender.connect(await at.startReceiver());
    sender.send(rawRequest(pathFor(key), CLAIM.padEnd(65_536)));
    expect(statusIn(await sender.answered())).toBe(200);
    expect(await at.signalsOf(key)).toBe(1);
    await sender.close();
  });

  test.each<[string, readonly string[], string]>([
    ['more than it announced', ['Content-Length: 2'], CLAIM],
    ['a chunk that is no number', CHUNKED, 'zz\r\n{}\r\n'],
    ['a chunk longer than it says', CHUNKED, '2\r\n{"project":"p"}\r\n0\r\n\r\n'],
    ['a length that is no number', ['Content-Length: many'], CLAIM],
    ['a length below nothing', ['Content-Length: -1'], CLAIM],
    ['two lengths', ['Content-Length: 2', `Content-Length: ${CLAIM.length}`], CLAIM],
    ['a length and chunks', [`Content-Length: ${CLAIM.length}`, 'Transfer-Encoding: chunked'], CLAIM],
  ])('and a sender of %s is cut off', async (_, headers, body) => {
    const key = await at.openKey();
    const sender = await RawSender.connect(await at.startReceiver({ limits: IMPATIENT }));
    sender.send(rawRequest(pathFor(key), body, headers));
    expect([400, 408, undefined]).toContain(statusIn(await sender.ended));
    expect(await at.signalsOf(key)).toBe(0);
  });
});

describe('a sender that takes its time is cut off', () => {
  test.each<[string, string]>([
    ['without a word', ''],
    ['within the headers', 'POST /json2video/'],
    ['before the body', rawRequest('PATH', '', ['Content-Length: 50'])],
    ['within the body', rawRequest('PATH', CLAIM.slice(0, 9), ['Content-Length: 50'])],
    ['within a chunk', rawRequest('PATH', 'ff\r\n{"proj', CHUNKED)],
  ])('%s', async (_, beginning) => {
    const key = await at.openKey();
    const url = await at.startReceiver({ limits: IMPATIENT });
    const sender = await RawSender.connect(url);
    sender.send(beginning.replace('PATH', pathFor(key)));
    expect([408, undefined]).toContain(statusIn(await sender.ended));
    expect(await at.signalsOf(key)).toBe(0);
  });

  test.each<[string, string]>([
    ['a header at a time', `POST / HTTP/1.1\r\nHost: receiver\r\n`],
    ['a byte of the body at a time', rawRequest('PATH', '', ['Content-Length: 60000'])],
  ])('also one who sends %s, and is never silent', async (_, beginning) => {
    const path = pathFor(await at.openKey());
    const sender = await RawSender.connect(await at.startReceiver({ limits: IMPATIENT }));
    sender.send(beginning.replace('PATH', path));
    const drip = setInterval(() => sender.send('a: b\r\n'), 20);
    try {
      expect([408, undefined]).toContain(statusIn(await sender.ended));
    } finally {
      clearInterval(drip);
    }
  });

  test('the control: a receiver without deadlines would hold it', async () => {
    const sender = await RawSender.connect(await at.startReceiver({ limits: NEVER }));
    sender.send('POST /json2video/');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(sender.isOpen).toBe(true);
    await sender.close();
  });
});

test('over the limit of open connections more are dropped and counted, and the next one that fits is served', async () => {
  const url = await at.startReceiver({ limits: { ...NEVER, connections: 5 } });
  const held = await Promise.all(Array.from({ length: 5 }, () => RawSender.connect(url)));
  const dropped = await RawSender.connect(url);
  expect(await dropped.ended).toBe('');

  await held[0]?.close();
  const key = await at.openKey();
  const served = await RawSender.connect(url);
  expect(statusIn(await served.send(rawRequest(pathFor(key), CLAIM)).answered())).toBe(200);
  served.send('GET /metrics HTTP/1.1\r\nHost: receiver\r\nConnection: close\r\n\r\n');
  expect(await served.ended).toMatch(/dropped_connections_total [1-9]/);
  await Promise.all(held.map((sender) => sender.close()));
});

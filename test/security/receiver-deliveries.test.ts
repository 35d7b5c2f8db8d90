import { describe, expect, test } from 'vitest';
import type { AnsweredDelivery } from '../../src/receiver/index.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { SECRET } from '../support/stage.js';
import { closeSenders, RawSender, statusIn } from './raw-sender.js';
import { CLAIM, pathFor, rawRequest, receiverStage } from './receiver-stage.js';

expectNoProcessLeft();
const at = receiverStage();
closeSenders();

const PROJECT = 'JkGxEoPRF9EgRb32';
const OTHER_SECRET = 'the-secret-of-next-year-that-is-long-enough';

async function deliver(url: string, request: string | Uint8Array): Promise<string> {
  const sender = await RawSender.connect(url);
  const answer = await sender.send(request).answered();
  await sender.close();
  return answer;
}

/** What a new render hears of a body, and how its sender is answered. */
async function hear(body: string | Uint8Array, contentType: string | undefined = 'application/json') {
  const key = await at.openKey();
  const type = contentType === '' ? [] : [`Content-Type: ${contentType}`];
  const bytes = Buffer.from(body);
  const head = rawRequest(pathFor(key), '', [...type, `Content-Length: ${bytes.length}`]);
  const answer = await deliver(await at.startReceiver(), Buffer.concat([Buffer.from(head), bytes]));
  return { status: statusIn(answer), signals: await at.signalsOf(key) };
}

const TAKEN = { status: 200, signals: 1 };
const REFUSED = { status: 400, signals: 0 };

describe('a delivery wakes its render', () => {
  const form = 'project=JkGxEoPRF9EgRb32&url=https%3A%2F%2Fx%2Fy.mp4';
  test.each<[string, string | Uint8Array, string]>([
    ['whose JSON begins with a byte order mark', `\uFEFF${CLAIM}`, 'application/json'],
    ['of JSON without a content type', CLAIM, ''],
    ['of a form without a content type', form, ''],
    ['whose content type is a word that is none', CLAIM, 'json'],
    ['whose form is called by a short name', form, 'urlencoded'],
    ['whose content type is no text at all', CLAIM, '\u00ff;;=,'],
    ['of an envelope as a form in brackets', `success=true&movie[project]=${PROJECT}`, 'urlencoded'],
    ['of an envelope as a form with escaped brackets', `movie%5Bproject%5D=${PROJECT}`, 'urlencoded'],
    ['of an envelope as a form with dots', `movie.project=${PROJECT}&movie.status=done`, 'urlencoded'],
    ['of an envelope as a form with JSON', `movie=${encodeURIComponent(CLAIM)}`, 'urlencoded'],
    [
      'with bytes that are no UTF-8',
      Buffer.concat([
        Buffer.from(`{"project":"${PROJECT}","message":"`),
        Buffer.from([0xff, 0xc0, 0x80]),
        Buffer.from('"}'),
      ]),
      'application/json',
    ],
    ['with an inherited name', `{"__proto__":{"admin":1},"project":"${PROJECT}"}`, 'application/json'],
    ['with a name twice', `{"project":"another","project":"${PROJECT}"}`, 'application/json'],
  ])('%s', async (_, body, contentType) => {
    expect(await hear(body, contentType)).toEqual(TAKEN);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});

describe('nothing of a body that is not a delivery is forwarded', () => {
  const nested = (depth: number, open: string, close: string): string =>
    `{"project":"${PROJECT}","client-data":${open.repeat(depth)}1${close.repeat(depth)}}`;
  test.each<[string, string | Uint8Array, string]>([
    ['10 kB of lists, 5,000 deep', nested(5_000, '[', ']'), 'application/json'],
    ['30 kB of objects, 5,000 deep', nested(5_000, '{"a":', '}'), 'application/json'],
    ['lists that are never closed', '['.repeat(60_000), 'application/json'],
    ['an envelope 5,000 deep in a form', `movie=${nested(5_000, '[', ']')}`, 'urlencoded'],
    ['a project under an inherited name', `{"__proto__":{"project":"${PROJECT}"}}`, 'application/json'],
    ['a project that is no text', '{"project":{"toString":"x"}}', 'application/json'],
    ['nothing but bytes that are no UTF-8', Buffer.alloc(5_000, 0xff), 'application/json'],
    ['zeros', Buffer.alloc(5_000), 'application/octet-stream'],
    ['UTF-16', Buffer.from(CLAIM, 'utf16le'), 'application/json'],
    ['10,000 fields', 'a=b&'.repeat(10_000), 'urlencoded'],
    ['nothing', '', 'application/json'],
  ])('%s', async (_, body, contentType) => {
    expect(await hear(body, contentType)).toEqual(REFUSED);
  });
});

describe('headers that come twice or not at all', () => {
  const length = `Content-Length: ${CLAIM.length}`;
  test.each<[string, readonly string[], number]>([
    ['two content types', ['Content-Type: application/json', 'Content-Type: text/plain', length], 200],
    ['the same length twice', ['Content-Type: application/json', length, length], 400],
    ['another host behind the first', ['Host: elsewhere', length], 200],
    ['no length and no chunks, which is no body', ['Content-Type: application/json'], 400],
    ['an encoding that nobody asked for', ['Content-Encoding: gzip', length], 200],
    ['a hundred of one name', [...Array.from({ length: 100 }, () => 'X-Same: 1'), length], 200],
    ['more of them than 16 KB', [`X-Long: ${'x'.repeat(20_000)}`, length], 431],
  ])('%s', async (_, headers, status) => {
    const key = await at.openKey();
    const answer = await deliver(await at.startReceiver(), rawRequest(pathFor(key), CLAIM, headers));
    expect(statusIn(answer)).toBe(status);
    expect(await at.signalsOf(key)).toBe(status === 200 ? 1 : 0);
  });

  test('no host', async () => {
    const request = rawRequest(pathFor(await at.openKey()), CLAIM).replace('Host: receiver\r\n', '');
    expect(statusIn(await deliver(await at.startReceiver(), request))).toBe(400);
  });
});

test('a stranger is told the same to the letter, whether the token is bad or the key unknown', async () => {
  const url = await at.startReceiver();
  const key = await at.openKey();
  const good = pathFor(key);
  const paths = [
    pathFor('nobody-asked'),
    pathFor(key, 'x'.repeat(32)),
    pathFor(key, SECRET, -1_000),
    `${good}A`,
    `${good}=`,
    good.slice(0, -1),
    good.replace('v1.', 'v1%2E').replace('.', '..'),
    '/json2video/nonsense',
  ];
  const answers = [];
  for (const path of paths) answers.push(await deliver(url, rawRequest(path, CLAIM)));
  const [first = ''] = answers;
  expect(first).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  const undated = (answer: string): string => answer.replace(/\r\nDate: [^\r]*/, '');
  expect(answers.map(undated)).toEqual(paths.map(() => undated(first)));
  expect(await at.signalsOf(key)).toBe(0);
  // The control: the genuine one is told something else.
  expect(await deliver(url, rawRequest(good, CLAIM))).toMatch(/ 200 OK/);
});

test('secrets rotate without a gap: what either of them signed is taken, until the old one is dropped', async () => {
  const steps = [[SECRET], [OTHER_SECRET, SECRET], [OTHER_SECRET]];
  const taken = [];
  for (const secrets of steps) {
    const url = await at.startReceiver({ secrets });
    for (const secret of [SECRET, OTHER_SECRET]) {
      const path = pathFor(await at.openKey(), secret);
      taken.push(statusIn(await deliver(url, rawRequest(path, CLAIM))));
    }
  }
  expect(taken).toEqual([200, 404, 200, 200, 404, 200]);
});

test('a token expires at its second, by the clock of the receiver', async () => {
  let nowMs = Date.now();
  const url = await at.startReceiver({ now: () => nowMs });
  const path = pathFor(await at.openKey(), SECRET, 60_000);
  expect(statusIn(await deliver(url, rawRequest(path, CLAIM)))).toBe(200);
  nowMs = Date.now() + 60_000;
  expect(statusIn(await deliver(url, rawRequest(path, CLAIM)))).toBe(404);
});

test.each([
  [0, '127.0.0.1'],
  [1, '198.51.100.3'],
  [2, '198.51.100.2'],
  [9, '198.51.100.1'],
])(
  'behind %i trusted proxies a sender is %s, whatever it claims in front',
  async (trustedProxyHops, from) => {
    const seen: AnsweredDelivery[] = [];
    const url = await at.startReceiver({ trustedProxyHops, onAnswer: (delivery) => seen.push(delivery) });
    const claimed = 'X-Forwarded-For: 198.51.100.1, 198.51.100.2, 198.51.100.3';
    await deliver(url, rawRequest('/json2video/nonsense', '', [claimed, 'Content-Length: 0']));
    expect(seen).toMatchObject([{ answer: 'forged', from }]);
    expect(JSON.stringify(seen)).not.toContain('nonsense');
  },
);

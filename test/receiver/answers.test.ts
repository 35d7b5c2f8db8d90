import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWebhookHandler, signToken } from '../../src/receiver/index.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CARD, freshKey, openStage, SECRET, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
let receiver: Running;
let url: string;
beforeAll(async () => {
  stage = await openStage({ engine: 'memory' });
  receiver = await stage.startReceiver();
  url = String(receiver.said['url']);
});
afterAll(() => stage.close());

const later = (): Date => new Date(Date.now() + 60_000);
const tokenFor = (key: string): string => signToken(key, later(), [SECRET]);

async function deliver(token: string, body: string = JSON.stringify({ project: 'p'.repeat(16) })) {
  const reply = await fetch(`${url}/json2video/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: reply.status, body: await reply.text() };
}

/** A render that waits for a worker: it is there, and holds what it is told. */
async function openKey(): Promise<string> {
  const key = freshKey('open');
  await stage.renders.start(key, CARD);
  return key;
}

async function signalsOf(key: string): Promise<number> {
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
}

test('a delivery is acknowledged only when the engine holds it', async () => {
  const key = await openKey();
  expect(await deliver(tokenFor(key))).toEqual({ status: 200, body: '' });
  expect(await signalsOf(key)).toBe(1);
});

test('a bad token and an unknown key get the same answer to the letter', async () => {
  const genuine = tokenFor(await openKey());
  const expired = signToken('some-key', new Date(Date.now() - 1_000), [SECRET]);
  const foreign = signToken('some-key', later(), ['another-secret-that-is-long-enough-too']);
  const answers = [];
  for (const token of [
    tokenFor('nobody-asked'),
    expired,
    foreign,
    'nonsense',
    `${genuine}x`,
    `v2${genuine.slice(2)}`,
  ]) {
    answers.push(await deliver(token));
  }
  expect(answers).toEqual(answers.map(() => ({ status: 404, body: '' })));
});

test('a good token with a body that names no project is 400, and nothing is signalled', async () => {
  const key = await openKey();
  for (const body of ['', '{', '[]', '{"url":"x"}', '{"project":""}', '{"project":7}']) {
    expect(await deliver(tokenFor(key), body)).toMatchObject({ status: 400 });
  }
  expect(await signalsOf(key)).toBe(0);
});

test('a body over 64 KB is 413, and nothing is signalled', async () => {
  const key = await openKey();
  const body = JSON.stringify({ project: 'p', filler: 'x'.repeat(65_536) });
  expect(await deliver(tokenFor(key), body)).toMatchObject({ status: 413 });
  expect(await signalsOf(key)).toBe(0);
});

test('a closed key is acknowledged, so that nobody sends again', async () => {
  const key = await openKey();
  await stage.client.workflow.getHandle(key).terminate();
  expect(await deliver(tokenFor(key))).toMatchObject({ status: 200 });
});

test('every shape of a delivery reaches its render, and a flood of one shape is recorded once', async () => {
  const key = await openKey();
  const form = await fetch(`${url}/json2video/${tokenFor(key)}`, {
    method: 'POST',
    body: new URLSearchParams({ project: 'p1', url: 'https://x/y.mp4', width: '1920' }),
  });
  expect(form.status).toBe(200);
  expect(
    await deliver(tokenFor(key), JSON.stringify({ success: true, movie: { project: 'p1', status: 'done' } })),
  ).toMatchObject({ status: 200 });
  const flood = Array.from({ length: 50 }, () =>
    deliver(tokenFor(key), JSON.stringify({ project: 'p2', status: 'error' })),
  );
  for (const answer of await Promise.all(flood)) expect(answer.status).toBe(200);

  expect(await signalsOf(key)).toBeLessThanOrEqual(3);
});

test('a flood of invented deliveries on one token leaves at most 32 signals in the history', async () => {
  const key = await openKey();
  const token = tokenFor(key);
  for (let round = 0; round < 4; round += 1) {
    const flood = Array.from({ length: 50 }, (_, index) =>
      deliver(token, JSON.stringify({ project: `p${round}-${index}` })),
    );
    for (const answer of await Promise.all(flood)) expect(answer.status).toBe(200);
  }
  expect(await signalsOf(key)).toBeLessThanOrEqual(32);
});

test('an engine that does not answer is 503: nothing is acknowledged that could be lost', async () => {
  const key = await openKey();
  stage.engine.signal('SIGSTOP');
  const answer = await deliver(tokenFor(key));
  const ready = await fetch(`${url}/readyz`);
  stage.engine.signal('SIGCONT');

  expect(answer.status).toBe(503);
  expect(ready.status).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('health, readiness and metrics are there, and metrics count deliveries by answer', async () => {
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/renderonce_webhook_deliveries_total\{answer="taken"\} \d+/);
  expect(metrics).toMatch(/renderonce_webhook_deliveries_total\{answer="unknown"\} \d+/);
  expect(metrics).not.toContain('v1.');
});

test('what is not a delivery is 404, whatever the path and method', async () => {
  for (const [path, method] of [
    ['/', 'GET'],
    ['/json2video', 'POST'],
    [`/json2video/${tokenFor('k')}`, 'GET'],
  ] as const) {
    expect((await fetch(`${url}${path}`, { method })).status).toBe(404);
  }
});

test('a rotated secret still opens the addresses that it signed, and the new one signs', async () => {
  const key = await openKey();
  const client = stage.client;
  const handle = createWebhookHandler({ client, secrets: ['the-new-secret-is-long-enough-as-well', SECRET] });
  const post = (token: string): Promise<Response> =>
    handle(
      new Request(`https://me.example/hooks/json2video/${token}`, {
        method: 'POST',
        body: '{"project":"p"}',
      }),
    );

  expect((await post(tokenFor(key))).status).toBe(200);
  expect((await post(signToken(key, later(), ['the-new-secret-is-long-enough-as-well']))).status).toBe(200);
  expect((await post(signToken(key, later(), ['a-secret-that-was-never-ours-at-all-no']))).status).toBe(404);
  const large = new Request(`https://me.example/json2video/${tokenFor(key)}`, {
    method: 'POST',
    body: 'x'.repeat(70_000),
  });
  expect((await handle(large)).status).toBe(413);
});

test.each([[[]], [['']], [['short']], [[SECRET, '']]])(
  'secrets that could be guessed are refused at once: %j',
  (secrets) => {
    expect(() => createWebhookHandler({ client: stage.client, secrets })).toThrow(/at least 32 bytes/);
  },
);

test('a receiver that is asked to stop answers what is under way and exits with 0', async () => {
  const key = await openKey();
  const body = JSON.stringify({ project: 'p'.repeat(16) });
  const slow = httpRequest(`${url}/json2video/${tokenFor(key)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': String(body.length) },
  });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    slow.once('response', (reply) => {
      reply.resume();
      resolve(reply.statusCode);
    });
    slow.once('error', reject);
  });
  slow.write(body.slice(0, 10));
  await new Promise((resolve) => setTimeout(resolve, 200));
  receiver.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 200));
  slow.end(body.slice(10));

  expect(await answered).toBe(200);
  expect(await receiver.exit).toBe(0);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { verifyEvent } from '../../src/events/verify.js';
import { callCommand } from '../support/call-command.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { resetRun } from '../support/reset.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const SECRET = 'whsec_YSBzZWNyZXQgb2YgMzIgYnl0ZXMgZm9yIHRlc3RzIQ==';

let stage: Stage;
let receiver: EventReceiver;
/** Answers of the receiver by key; 204 by default. */
const answers = new Map<string, number>();

beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  receiver = await startEventReceiver((response, { body }) => {
    const { data } = JSON.parse(body) as { data: { key: string } };
    response.writeHead(answers.get(data.key) ?? 204).end();
  });
  await stage.hostWorker(variables());
});
afterAll(async () => {
  await stage.close();
  await receiver.stop();
});

const variables = () => ({
  RENDERONCE_EVENTS_URL: receiver.url,
  RENDERONCE_EVENTS_SECRET: SECRET,
  RENDERONCE_EVENTS_PRIVATE: 'allow',
});

/** The events of a key so far, verified. */
const eventsOf = (key: string) =>
  receiver.received
    .map(({ body, headers }) => verifyEvent(body, headers, SECRET))
    .filter(({ data }) => 'key' in data && data.key === key);

const arrived = async (key: string, count: number): Promise<void> => {
  await expect.poll(() => eventsOf(key).length, { timeout: 30_000 }).toBe(count);
};

async function done(key: string): Promise<void> {
  await stage.renders.submitOnce(key, CARD);
  await stage.renders.result(key);
}

test('the end of a render arrives once, signed, and events replay sends it again with the same ID', async () => {
  const key = freshKey('event');
  await done(key);
  await arrived(key, 1);
  const { stdout } = await callCommand(['events', 'replay', key, '--json'], stage.env);
  await arrived(key, 2);
  const [first, second] = eventsOf(key);
  expect(second).toEqual(first);
  expect(JSON.parse(stdout)).toEqual({ replayed: [{ id: first?.id, type: 'render.done', to: 'default' }] });
});

test('an event that a receiver refuses for good is listed as undelivered, and can be sent again', async () => {
  const key = freshKey('gone');
  answers.set(key, 410);
  await done(key);
  await arrived(key, 1);
  const listed = async (): Promise<unknown[]> => {
    const { stdout } = await callCommand(['events', 'list', '--undelivered', '--json'], stage.env);
    const { events } = JSON.parse(stdout) as { events: { key: string }[] };
    return events.filter((event) => event.key === key);
  };
  await expect
    .poll(listed, { timeout: 20_000 })
    .toMatchObject([{ type: 'render.done', state: 'undelivered' }]);
  answers.delete(key);
  await callCommand(['events', 'replay', key], stage.env);
  await arrived(key, 2);
});

test('a reset run that ends as before reports nothing, and one that ends otherwise reports its own end', async () => {
  const key = freshKey('reset-event');
  await done(key);
  await arrived(key, 1);
  await resetRun(stage.client, key, 'last', true);
  await stage.renders.result(key);
  const runId = await resetRun(stage.client, key, 'middle', false);
  await stage.client.workflow.getHandle(key, runId).cancel();
  await stage.renders.result(key).catch(() => undefined);
  const { state } = await stage.renders.status(key);
  await arrived(key, state === 'done' ? 1 : 2);
  expect(eventsOf(key).map(({ type }) => type)).toEqual(
    state === 'done' ? ['render.done'] : ['render.done', `render.${state.replace('-', '_')}`],
  );
});

test('audit finds an ended render of which nobody was told', async () => {
  const since = new Date(Date.now() - 60_000).toISOString();
  const key = freshKey('silent');
  await stage.renders.submitOnce(key, CARD);
  await stage.client.workflow.getHandle(key).terminate('test');
  const unreported = async (): Promise<unknown> => {
    const { stdout } = await callCommand(['audit', '--since', since, '--json'], {
      ...stage.env,
      ...variables(),
    });
    return (JSON.parse(stdout) as { unreported: { key: string }[] }).unreported;
  };
  // The newest minute is left out, since the index lags.
  await expect
    .poll(unreported, { timeout: 90_000, interval: 5_000 })
    .toMatchObject([{ key, state: 'abandoned' }]);
}, 120_000);

/** What follows a render by its own options, as the engine has them. */
async function followedAs(key: string): Promise<object> {
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  const [payload] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  const { options } = defaultPayloadConverter.fromPayload<{ options: { keep?: boolean; notify?: unknown } }>(
    payload ?? {},
  );
  const { keep, notify } = options;
  return { keep, notify };
}

async function filesIn(files: Readonly<Record<string, string>>): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-orders-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return (name) => join(folder, name);
}

test('submit says for one render what follows it: a copy, destinations and addresses, or nothing', async () => {
  const path = await filesIn({ 'card.json': JSON.stringify(CARD) });
  const submitted = async (...flags: readonly string[]): Promise<object> => {
    const key = freshKey('flags');
    const ran = await callCommand(['submit', key, path('card.json'), ...flags], stage.env);
    expect(ran).toMatchObject({ code: 0 });
    return followedAs(key);
  };
  expect(await submitted()).toEqual({ keep: undefined, notify: undefined });
  expect(await submitted('--keep', '--notify', 'shop, archive', '--notify', 'http://n8n.test/1,2')).toEqual({
    keep: true,
    notify: ['shop', 'archive', { url: 'http://n8n.test/1,2' }],
  });
  expect(await submitted('--no-keep', '--no-notify')).toEqual({ keep: false, notify: [] });
  const bad = await callCommand(['submit', freshKey('bad'), path('card.json'), '--notify', 'a b'], stage.env);
  expect(bad).toMatchObject({ code: 2, stderr: expect.stringContaining('names a destination by other') });
});

test('batch says it for all lines and rows, and a line for itself', async () => {
  const run = freshKey('flags');
  const lines = [
    { key: `${run}-all`, movie: CARD },
    {
      key: `${run}-own`,
      movie: CARD,
      options: { keep: false, notify: ['shop', { url: 'http://n8n.test/1' }] },
    },
  ];
  const path = await filesIn({
    'orders.jsonl': lines.map((line) => JSON.stringify(line)).join('\n'),
    'orders.csv': `key,a\n${run}-row,1\n`,
    'card.json': JSON.stringify(CARD),
  });
  const flags = ['--keep', '--notify', 'archive'];
  await callCommand(['batch', path('orders.jsonl'), ...flags], stage.env);
  await callCommand(['batch', path('orders.csv'), '--movie', path('card.json'), ...flags], stage.env);
  const followed = await Promise.all(['all', 'own', 'row'].map((name) => followedAs(`${run}-${name}`)));
  expect(followed).toEqual([
    { keep: true, notify: ['archive'] },
    { keep: false, notify: ['shop', { url: 'http://n8n.test/1' }] },
    { keep: true, notify: ['archive'] },
  ]);
});

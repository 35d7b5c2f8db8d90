import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyEvent } from '../../src/events/verify.js';
import { Renders } from '../../src/starter.js';
import { callCommand } from '../support/call-command.js';
import { Doubt } from '../support/doubt.js';
import { type EventReceiver, startEventReceiver } from '../support/event-receiver.js';
import { EVENT_SECRET } from '../support/event-signature.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { resetRun } from '../support/reset.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

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
  RENDERONCE_EVENTS_SECRET: EVENT_SECRET,
  RENDERONCE_EVENTS_PRIVATE: 'allow',
});

/** The events of a key so far, verified. */
const eventsOf = (key: string) =>
  receiver.received
    .map(({ body, headers }) => verifyEvent(body, headers, EVENT_SECRET))
    .filter(({ data }) => 'key' in data && data.key === key);

const arrived = async (key: string, count: number, timeout = 30_000): Promise<void> => {
  await expect.poll(() => eventsOf(key).length, { timeout }).toBe(count);
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
  const { events, next } = await stage.renders.story(key);
  expect(events.at(-1)?.text).toBe('event render.done to default: delivered, HTTP 204, attempt 1');
  expect(next).toEqual([]);
  expect(second).toEqual(first);
  expect(JSON.parse(stdout)).toEqual({ replayed: [{ id: first?.id, type: 'render.done', to: 'default' }] });
});

test('the story of a render says which event is on its way, why it failed and when it is sent again', async () => {
  const key = freshKey('failing');
  answers.set(key, 500);
  await done(key);
  await arrived(key, 1);
  await expect
    .poll(async () => (await stage.renders.story(key)).next.join())
    .toMatch(/^event render\.done to default \(last: HTTP 500 \(attempt 1\)\); next at 2\S+Z$/);
  answers.delete(key);
  await arrived(key, 2);
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
  const { stdout: story } = await callCommand(['status', key], stage.env);
  expect(story).toMatch(/event render\.done to default: undelivered: HTTP 410: .* \(attempt 1\)\n/);
  expect(story).toContain(`renderonce events replay ${key} sends it again`);
  answers.delete(key);
  await callCommand(['events', 'replay', key], stage.env);
  await arrived(key, 2);
  await expect.poll(listed, { timeout: 20_000 }).toEqual([]);
});

test('an event whose sending was ended from outside is listed as undelivered', async () => {
  const key = freshKey('ended');
  answers.set(key, 500);
  await done(key);
  await arrived(key, 1);
  const { runId } = await stage.client.workflow.getHandle(key).describe();
  await stage.client.workflow.getHandle(`renderonce.after:${key}:${runId}`).terminate('by a test');
  const listed = async (): Promise<unknown[]> => {
    const { stdout } = await callCommand(['events', 'list', '--undelivered', '--json'], stage.env);
    return (JSON.parse(stdout) as { events: { key: string }[] }).events.filter((each) => each.key === key);
  };
  await expect.poll(listed, { timeout: 20_000 }).toMatchObject([{ state: 'undelivered' }]);
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

test.concurrent(
  'the story of a held key tells that its event was delivered',
  async () => {
    const key = freshKey('held');
    const doubt = new Doubt(stage);
    await doubt.lose(key, false);
    await doubt.isIn(key, 'held');
    await expect
      .poll(async () => (await stage.renders.story(key)).events.map(({ text }) => text), { timeout: 30_000 })
      .toContain('event render.held to default: delivered, HTTP 204, attempt 1');
    expect(eventsOf(key).map(({ type }) => type)).toEqual(['render.held']);
  },
  180_000,
);

test.concurrent(
  'a render that ends while no worker knows a destination is reported as soon as one does',
  async () => {
    const [key, taskQueue] = [freshKey('late-config'), freshKey('queue')];
    const env = { RENDERONCE_TASK_QUEUE: taskQueue };
    const renders = new Renders({ client: stage.client, taskQueue });
    const stop = await stage.hostWorker(env);
    await renders.submitOnce(key, CARD, { notify: ['default'] });
    await expect
      .poll(async () => (await renders.story(key)).next.join(), { timeout: 30_000 })
      .toContain('this worker has no destinations');
    await stop();
    await stage.hostWorker({ ...variables(), ...env });
    await arrived(key, 1, 90_000);
  },
  120_000,
);

test.concurrent(
  'audit finds an ended render of which nobody was told',
  async () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    const key = freshKey('silent');
    await stage.renders.submitOnce(key, CARD);
    await stage.client.workflow.getHandle(key).terminate('test');
    const unreported = async (): Promise<unknown> => {
      const { stdout } = await callCommand(['audit', '--since', since, '--json'], {
        ...stage.env,
        ...variables(),
      });
      const { unreported: found } = JSON.parse(stdout) as { unreported: { key: string }[] };
      return found.filter((each) => each.key === key);
    };
    // The newest minute is left out, since the index lags.
    await expect
      .poll(unreported, { timeout: 90_000, interval: 5_000 })
      .toMatchObject([{ key, state: 'abandoned' }]);
  },
  120_000,
);

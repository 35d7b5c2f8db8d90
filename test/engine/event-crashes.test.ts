import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyEvent } from '../../src/events/verify.js';
import { afterId } from '../../src/render/event.js';
import { type EventReceiver, type ReceivedEvent, startEventReceiver } from '../support/event-receiver.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

const SECRET = 'whsec_YSBzZWNyZXQgb2YgMzIgYnl0ZXMgZm9yIHRlc3RzIQ==';

let stage: Stage;
let receiver: EventReceiver;
/** Decides over each request; answers 204 by default. */
let onEvent: (response: ServerResponse, event: ReceivedEvent) => void = (response) =>
  void response.writeHead(204).end();

beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  receiver = await startEventReceiver((response, event) => onEvent(response, event));
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

test('a worker that dies while the receiver has the event and no worker has the answer: it comes again, with its ID', async () => {
  const worker = await stage.startWorker(variables());
  const key = freshKey('crash');
  const held = new Promise<void>((resolve) => {
    onEvent = () => resolve();
  });
  await stage.renders.submitOnce(key, CARD);
  await stage.renders.result(key);
  await held;
  worker.kill('SIGKILL');
  await worker.exit;
  onEvent = (response) => void response.writeHead(204).end();
  await stage.startWorker(variables());
  await expect.poll(() => receiver.received.length, { timeout: 60_000 }).toBe(2);
  const ids = receiver.received.map(({ body, headers }) => verifyEvent(body, headers, SECRET).id);
  expect(new Set(ids).size).toBe(1);
  const { runId } = await stage.client.workflow.getHandle(key).describe();
  await stage.client.workflow.getHandle(afterId(key, runId)).result();
  expect(receiver.received).toHaveLength(2);
}, 120_000);

test('a render that ends while no worker knows a destination is reported as soon as one does', async () => {
  const key = freshKey('late-config');
  const before = receiver.received.length;
  const first = await stage.startWorker();
  await stage.renders.submitOnce(key, CARD, { notify: ['default'] });
  await stage.renders.result(key);
  first.kill('SIGKILL');
  await first.exit;
  await stage.startWorker(variables());
  await expect.poll(() => receiver.received.length, { timeout: 90_000 }).toBe(before + 1);
}, 120_000);

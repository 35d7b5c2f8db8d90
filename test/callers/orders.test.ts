import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CallerStage, openCallers } from '../support/caller-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { resetRun } from '../support/reset.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
let callers: CallerStage;
beforeAll(async () => {
  // The clock stands still, so that no render ends before a test says so.
  stage = await openStage({ provider: { fixedClock: true } });
  [callers] = await Promise.all([openCallers(stage), stage.hostWorker()]);
});
afterAll(async () => {
  await callers.close();
  await stage.close();
});

const isRendering = (key: string) =>
  until('it renders', async () => {
    const status = await stage.renders.status(key).catch(() => undefined);
    return status?.state === 'rendering' && status;
  });

const finish = (): Promise<unknown> => stage.fake.advance(60);

const posts = (key: string): Promise<unknown[]> => stage.fake.requests({ call: 'create', key });

async function eventsOf(workflow: WorkflowHandle): Promise<string[]> {
  const { events } = await workflow.fetchHistory();
  return (events ?? []).map((event) =>
    Object.keys(event)
      .filter((name) => name.endsWith('Attributes'))
      .join(),
  );
}

/** The attempts of the activity that waits. */
async function attemptsOf(workflow: WorkflowHandle): Promise<number> {
  const { raw } = await workflow.describe();
  const waiting = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'awaitRender');
  return waiting?.attempt ?? 0;
}

test('an order awaits its render in 17 events, however often the render is asked for', async () => {
  const order = await callers.start('fulfilOrder', { id: freshKey('long'), customer: 'Ada' });
  await until('its wait was repeated', async () => (await attemptsOf(order)) >= 3, 60_000);
  const before = await eventsOf(order);
  await finish();

  const { order: id, video } = (await order.result()) as { order: string; video: string };
  const [movie] = await stage.fake.movies(`order:${id}:promo-video`);
  expect(video).toMatch(/^https?:/);
  expect(movie).toMatchObject({ status: 'done' });
  // Start, workflow task, submission, workflow task, scheduled wait.
  expect(before).toHaveLength(1 + 3 + 3 + 3 + 1);
  expect(await eventsOf(order)).toHaveLength(17);
}, 120_000);

test('a short render is answered within the first attempt of the wait', async () => {
  const key = freshKey('short');
  const order = await callers.start('renderMovieOf', key, CARD);
  await isRendering(key);
  expect(await attemptsOf(order)).toBeLessThanOrEqual(1);
  await finish();

  const [movie] = await stage.fake.movies(key);
  expect(await order.result()).toBe(movie?.project);
  const { events } = await order.fetchHistory();
  const attempts = (events ?? []).flatMap(({ activityTaskStartedEventAttributes: started }) =>
    started ? [started.attempt] : [],
  );
  expect(attempts).toEqual([1, 1]);
}, 60_000);

test('a cancelled order leaves the render alone', async () => {
  const key = freshKey('cancelled');
  const order = await callers.start('renderMovieOf', key, CARD);
  const { project } = await isRendering(key);
  await order.cancel();

  await expect(order.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  expect(await stage.renders.status(key)).toMatchObject({ state: 'rendering' });
  await finish();
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done', project });
});

test('an order that is reset to its begin joins its render', async () => {
  const key = freshKey('reset');
  const order = await callers.start('renderMovieOf', key, CARD);
  const { project } = await isRendering(key);
  await resetRun(callers.client, order.workflowId, 'first', true);
  await finish();
  const afterReset = callers.client.workflow.getHandle(order.workflowId);
  expect(await afterReset.result()).toBe(project);

  // Also after the render has ended.
  await resetRun(callers.client, order.workflowId, 'first', true);
  expect(await afterReset.result()).toBe(project);
  expect(await posts(key)).toHaveLength(1);
});

test('a workflow that continues as new while it waits joins its render', async () => {
  const key = freshKey('renewed');
  const order = await callers.start('renewedWhileWaiting', key, CARD);
  const { project } = await isRendering(key);
  await until('it has continued as new', async () => {
    const { runId } = await callers.client.workflow.getHandle(order.workflowId).describe();
    return runId !== (await order.describe()).runId || runId;
  });
  await finish();
  expect(await order.result()).toBe(project);
  expect(await posts(key)).toHaveLength(1);
});

test('two workflows that share a key have one POST and one project', async () => {
  const key = freshKey('shared');
  const orders = await Promise.all([1, 2].map(() => callers.start('renderMovieOf', key, CARD)));
  const { project } = await isRendering(key);
  await finish();
  expect(await Promise.all(orders.map((order) => order.result()))).toEqual([project, project]);
  expect(await posts(key)).toHaveLength(1);
});

test("another movie under the key fails the workflow's step with the differences, and its worker goes on", async () => {
  const key = freshKey('another');
  await stage.renders.submitOnce(key, CARD);
  const other = { ...CARD, resolution: 'hd' };
  const caught = await callers.start('failureOfRender', key, other);
  expect(await caught.result()).toMatchObject({
    code: 'IdempotencyKeyReused',
    key,
    differences: ['resolution'],
    message: expect.stringContaining('resolution') as string,
  });

  const uncaught = await callers.start('renderMovieOf', key, other);
  await expect(uncaught.result()).rejects.toMatchObject({
    cause: {
      name: 'ActivityFailure',
      cause: { name: 'ApplicationFailure', type: 'IdempotencyKeyReused', nonRetryable: true },
    },
  });
  const joining = await callers.start('renderMovieOf', key, other, { ifDifferent: 'join' });
  await finish();
  const [movie] = await stage.fake.movies(key);
  expect(await joining.result()).toBe(movie?.project);
  expect(await posts(key)).toHaveLength(1);
});

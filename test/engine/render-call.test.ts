import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKFLOWS } from '../../src/workflows/messages.js';
import { Doubt, HELD_WITHIN_MS, SIGNED } from '../support/doubt.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { acceptWitness } from '../support/witness.js';

expectNoProcessLeft();

const OTHER = { ...CARD, comment: 'another movie' };

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
});
afterAll(() => stage.close());

const errorOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(() => 'no error').catch((error) => error);
const isThere = (key: string) =>
  until('the run is there', () => stage.renders.status(key).catch(() => undefined));

describe('where no worker is up', () => {
  test('render says so after its deadline, again and again, and starts the key once', async () => {
    const key = freshKey('no-worker');
    const call = () => errorOf(stage.renders.render(key, CARD, { deadlineMs: 1_000 }));
    expect(await Promise.all([call(), call()])).toMatchObject([{ code: 'NoWorker' }, { code: 'NoWorker' }]);
    expect(await call()).toMatchObject({ code: 'NoWorker', key });
    const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
    // No call has asked the run for anything.
    expect(events).toHaveLength(2);
  });

  test('a run that is deleted under a call of render is RenderAbandoned, and not started anew', async () => {
    const key = freshKey('deleted');
    const call = errorOf(stage.renders.render(key, CARD, { deadlineMs: 3_000 }));
    await isThere(key);
    const { namespace } = stage.client.options;
    await stage.client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: key },
    });
    expect(await call).toMatchObject({ code: 'RenderAbandoned', key });
    expect(await errorOf(stage.renders.status(key))).toMatchObject({ code: 'KeyNotFound' });
  });

  test('a run that is terminated or cancelled under a call of render ends it, and is not started anew', async () => {
    const ends = { terminated: 'RenderAbandoned', cancelled: 'RenderCancelled' };
    const calls = Object.entries(ends).map(async ([end, code]) => {
      const key = freshKey(end);
      const call = errorOf(stage.renders.render(key, CARD));
      await isThere(key);
      const run = stage.client.workflow.getHandle(key);
      const { runId } = await run.describe();
      await (end === 'terminated' ? run.terminate('a test') : run.cancel());
      return { key, call, runId, code };
    });
    const stop = await stage.hostWorker();
    for (const { key, call, runId, code } of await Promise.all(calls)) {
      expect(await call).toMatchObject({ code, key });
      expect(await stage.client.workflow.getHandle(key).describe()).toMatchObject({ runId });
      expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(0);
    }
    await stop();
  });

  test('another movie under a key that is open or closed is refused at once', async () => {
    const key = freshKey('other');
    await stage.renders.start(key, CARD);
    expect(await errorOf(stage.renders.render(key, OTHER))).toMatchObject({ code: 'IdempotencyKeyReused' });
    const stop = await stage.hostWorker();
    expect(await stage.renders.render(key, CARD)).toMatchObject({ status: 'done', key });
    expect(await errorOf(stage.renders.render(key, OTHER))).toMatchObject({
      code: 'IdempotencyKeyReused',
      key,
    });
    expect(await stage.fake.movies(key)).toHaveLength(1);
    await stop();
  });

  test("a call that joined another movie's render never gets its rejection: it sends its own movie then", async () => {
    const keys = [freshKey('joined'), freshKey('joined-by-submit')] as const;
    for (const key of keys) {
      const effect = {
        kind: 'status',
        code: 400,
        body: '{"message":"the first is bad"}',
        accept: false,
      } as const;
      await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
      await stage.renders.start(key, CARD);
    }
    const join = { ifDifferent: 'join', deadlineMs: 60_000 } as const;
    const rendering = stage.renders.render(keys[0], OTHER, join).catch((error: unknown) => error);
    const submitting = stage.renders.submitOnce(keys[1], OTHER, join).catch((error: unknown) => error);
    // Both have joined by then: a call that comes later meets a closed run.
    await pause(2_000);
    const stop = await stage.hostWorker();
    expect(await rendering).toMatchObject({ status: 'done', key: keys[0] });
    expect(await submitting).toMatchObject({ replayed: false, key: keys[1] });
    for (const key of keys) expect(await stage.fake.movies(key)).toHaveLength(1);
    await stop();
  });

  test('another movie under a key that another client has started without a memo is refused as well', async () => {
    const key = freshKey('foreign');
    await stage.client.workflow.start(WORKFLOWS.render, {
      workflowId: key,
      taskQueue: stage.taskQueue,
      args: [{ movie: CARD, fingerprint: 'f'.repeat(64), caller: 'another', options: {} }],
    });
    const calls = [errorOf(stage.renders.render(key, OTHER)), stage.renders.result(key)];
    const stop = await stage.hostWorker();
    expect(await Promise.all(calls)).toMatchObject([
      { code: 'IdempotencyKeyReused' },
      { status: 'done', key },
    ]);
    await stop();
  });
});

test('a deadline without an end leaves the engine in peace', async () => {
  const warnings: string[] = [];
  const note = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', note);
  const stop = await stage.hostWorker();
  const key = freshKey('endless');
  expect(await stage.renders.render(key, CARD, { deadlineMs: Infinity })).toMatchObject({ key });
  process.off('warning', note);
  expect(warnings).toEqual([]);
  await stop();
});

test('a render costs two events less than a submission and its result: it asks the run for no answer', async () => {
  const stop = await stage.hostWorker();
  const [rendered, submitted] = [freshKey('rendered'), freshKey('submitted')];
  await stage.renders.render(rendered, CARD);
  await stage.renders.submitOnce(submitted, CARD);
  await stage.renders.result(submitted);
  const eventsOf = async (key: string) =>
    (await stage.client.workflow.getHandle(key).fetchHistory()).events ?? [];
  const [few, more] = [await eventsOf(rendered), await eventsOf(submitted)];
  expect(few.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toHaveLength(0);
  expect(more.length - few.length).toBe(2);
  await stop();
});

test(
  'a call of render whose key is held is told so after its deadline, and gets the video when a person has decided',
  async () => {
    const stop = await stage.hostWorker();
    await acceptWitness(stage);
    const doubt = new Doubt(stage);
    const key = freshKey('held');
    await doubt.lose(key, false);
    await doubt.isIn(key, 'held');
    expect(await errorOf(stage.renders.render(key, CARD, { deadlineMs: 500 }))).toMatchObject({
      code: 'SubmissionPending',
      state: 'held',
    });
    const call = stage.renders.render(key, CARD, { deadlineMs: 60_000 });
    await stage.renders.resolve(key, 'resubmit', SIGNED);
    expect(await call).toMatchObject({ status: 'done', key });
    await stop();
  },
  HELD_WITHIN_MS,
);

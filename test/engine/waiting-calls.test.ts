import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KeyInvalid, KeyNotFound, type RenderStatus } from '../../src/index.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  // The clock stands still, so that no render ends before a test says so.
  stage = await openStage({ provider: { fixedClock: true } });
});
afterAll(() => stage.close());

/** Starts a call with a signal, and aborts it when the engine knows the key. */
async function abortedWhileWaiting(
  key: string,
  call: (signal: AbortSignal) => Promise<unknown>,
): Promise<unknown> {
  const controller = new AbortController();
  const reason = new Error('the caller has gone');
  const ended = call(controller.signal).catch((error: unknown) => error);
  for await (const { state } of stage.renders.watch(key, { signal: AbortSignal.timeout(30_000) })) {
    expect(state).toBe('submitting');
    controller.abort(reason);
    break;
  }
  return (await ended) === reason ? 'the reason' : await ended;
}

describe('where no worker is up', () => {
  test.each<[string, (key: string, signal: AbortSignal) => Promise<unknown>]>([
    ['submitOnce', (key, signal) => stage.renders.submitOnce(key, CARD, { signal })],
    ['render', (key, signal) => stage.renders.render(key, CARD, { signal })],
    ['result', (key, signal) => stage.renders.result(key, { signal })],
    ['resolve', (key, signal) => stage.renders.resolve(key, 'abandon', { by: 'Ada', why: 'a test', signal })],
  ])('%s ends with the reason of its signal, and the render goes on', async (_, call) => {
    const key = freshKey('aborted');
    await stage.renders.start(key, CARD);
    expect(await abortedWhileWaiting(key, (signal) => call(key, signal))).toBe('the reason');
    expect(await stage.renders.status(key)).toMatchObject({ state: 'submitting' });
  });

  test('a start with an aborted signal starts nothing', async () => {
    const key = freshKey('never');
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(stage.renders.start(key, CARD, { signal })).rejects.toThrow('too late');
    await expect(stage.renders.status(key)).rejects.toBeInstanceOf(KeyNotFound);
  });

  test('a run that is deleted while calls wait in it is RenderAbandoned to each of them, and none starts the key anew', async () => {
    const key = freshKey('deleted');
    const calls = Array.from({ length: 3 }, () => stage.renders.submitOnce(key, CARD));
    calls.push(stage.renders.start(key, CARD).then(() => stage.renders.submitOnce(key, CARD)));
    const ends = Promise.all(calls.map((call) => call.catch((error: unknown) => error)));
    await until('the run is there', async () => stage.renders.status(key).catch(() => undefined));
    // A call waits within its start for 500 ms and a look; the engine would repeat a start whose run is deleted meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const { namespace } = stage.client.options;
    await stage.client.workflowService.deleteWorkflowExecution({
      namespace,
      workflowExecution: { workflowId: key },
    });

    for (const end of await ends) expect(end).toMatchObject({ code: 'RenderAbandoned', key });
    await until('the run is gone', async () =>
      stage.renders.status(key).then(
        () => false,
        (error: unknown) => error instanceof KeyNotFound,
      ),
    );
  });

  test('a workflow of another type under a key is KeyTaken from every call, and stays as it is', async () => {
    const key = freshKey('taken');
    const other = await stage.client.workflow.start('sendInvoice', {
      workflowId: key,
      taskQueue: stage.taskQueue,
    });
    const taken = { code: 'KeyTaken', key, message: expect.stringContaining('sendInvoice') };
    const { renders } = stage;
    await expect(renders.start(key, CARD)).rejects.toMatchObject(taken);
    await expect(renders.submitOnce(key, CARD, { deadlineMs: 1_000 })).rejects.toMatchObject(taken);
    await expect(renders.result(key)).rejects.toMatchObject(taken);
    await expect(renders.cancel(key)).rejects.toMatchObject(taken);
    await expect(renders.resolve(key, 'abandon', { by: 'Ada', why: 'a test' })).rejects.toMatchObject(taken);
    expect(await callCommand(['status', key], stage.env)).toMatchObject({ code: 2 });
    expect((await other.fetchHistory()).events).toHaveLength(2);
    await other.terminate('a test');
    await expect(renders.start(key, CARD)).rejects.toMatchObject(taken);
  });

  test('watch ends with the reason of its signal while it waits for a change', async () => {
    const key = freshKey('watched');
    await stage.renders.start(key, CARD);
    const controller = new AbortController();
    const watching = (async () => {
      for await (const { state } of stage.renders.watch(key, { signal: controller.signal })) {
        expect(state).toBe('submitting');
        controller.abort(new Error('enough'));
      }
    })();
    await expect(watching).rejects.toThrow('enough');
  });

  test('watching a key that nobody asked for is an error, and so is one that is no key', async () => {
    const statuses = stage.renders.watch(freshKey('nobody'))[Symbol.asyncIterator]();
    await expect(statuses.next()).rejects.toBeInstanceOf(KeyNotFound);
    expect(() => stage.renders.watch('')).toThrow(KeyInvalid);
  });
});

test('watch tells each change once, from before the first worker to the end of the render, and then ends', async () => {
  const key = freshKey('whole');
  await stage.renders.start(key, CARD);
  const told: RenderStatus[] = [];
  let worker;
  for await (const status of stage.renders.watch(key)) {
    told.push(status);
    worker ??= await stage.hostWorker();
    if (status.state === 'rendering') await stage.fake.advance(60);
  }

  const states = told.map(({ state }) => state).filter((state, index, all) => state !== all[index - 1]);
  expect(states).toEqual(['submitting', 'rendering', 'done']);
  const repeated = told.filter((status, index) => JSON.stringify(status) === JSON.stringify(told[index - 1]));
  expect(repeated).toEqual([]);
  expect(told.at(-1)).toEqual(await stage.renders.status(key));
  expect(told.at(-1)?.closedAt).toBeDefined();
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

test('watching a render that is closed gives its status, once', async () => {
  const key = freshKey('closed');
  await stage.renders.start(key, CARD);
  await stage.client.workflow.getHandle(key).terminate('a test');
  const told: string[] = [];
  for await (const { state } of stage.renders.watch(key)) told.push(state);
  expect(told).toEqual(['abandoned']);
});

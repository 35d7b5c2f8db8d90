import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const REJECTED = { resolution: 'full-hd' } as const;
const OPTIONS = { settleSeconds: 30, submitTimeoutSeconds: 10 } as const;

let stage: Stage;
let stopWorker: () => Promise<void>;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  stopWorker = await stage.hostWorker();
});
afterAll(() => stage.close());

const caught = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
const posts = async (key: string): Promise<number> =>
  (await stage.fake.requests({ call: 'create', key })).length;

test('callers that share a rejected run all get its rejection, and cause one POST', async () => {
  const key = freshKey('shared-rejection');
  await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'status', code: 400, body: '{"message":"No valid movie JSON received"}', accept: false },
  });
  const calls = Array.from({ length: 5 }, () => caught(stage.renders.submitOnce(key, CARD)));
  for (const error of await Promise.all(calls)) {
    expect(error).toMatchObject({ code: 'MovieRejected', key, httpStatus: 400 });
  }
  expect(await caught(stage.renders.submitOnce(key, CARD))).toMatchObject({ code: 'MovieRejected' });
  expect(await caught(stage.renders.result(key))).toMatchObject({ code: 'MovieRejected', key });

  expect(await posts(key)).toBe(1);
  const { events } = await stage.renders.story(key);
  expect(events.filter(({ text }) => /decision|decides/.test(text))).toEqual([]);
});

test('a rejected key takes another movie at once, by submitOnce and by start, looked for before it is sent', async () => {
  for (const how of ['submitOnce', 'start'] as const) {
    const key = freshKey('rejected-then');
    await caught(stage.renders.submitOnce(key, REJECTED));
    const looksBefore = (await stage.fake.requests({ call: 'list' })).length;
    const answer = await stage.renders[how](key, CARD);

    expect(answer).toMatchObject({ key, replayed: false });
    expect(await stage.renders.result(key)).toMatchObject({ status: 'done', key });
    expect((await stage.fake.requests({ call: 'list' })).length).toBe(looksBefore + 1);
    expect(await stage.fake.movies(key)).toHaveLength(1);
  }
});

test('a canceled key is used again by all who ask, together, and one POST is accepted', async () => {
  const key = freshKey('canceled');
  await stopWorker();
  await stage.renders.start(key, CARD);
  await stage.renders.cancel(key);
  stopWorker = await stage.hostWorker();
  expect(await caught(stage.renders.result(key))).toMatchObject({ code: 'RenderCancelled', key });
  const answers = await Promise.all(Array.from({ length: 5 }, () => stage.renders.submitOnce(key, CARD)));

  expect(new Set(answers.map((answer) => answer.project)).size).toBe(1);
  expect(answers.filter((answer) => !answer.replayed)).toHaveLength(1);
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a terminated key is a decision: RenderAbandoned, until restart is asked for, which adopts what was accepted', async () => {
  const key = freshKey('terminated');
  const { project } = await stage.renders.submitOnce(key, CARD, {
    settleSeconds: 30,
    submitTimeoutSeconds: 10,
  });
  await stage.client.workflow.getHandle(key).terminate('by a person');

  const abandoned = { code: 'RenderAbandoned', key, message: expect.stringContaining('terminated') };
  expect(await caught(stage.renders.submitOnce(freshKey('other'), CARD))).toMatchObject({ replayed: false });
  expect(await caught(stage.renders.result(key))).toMatchObject(abandoned);
  expect(await stage.renders.status(key)).toMatchObject({ state: 'abandoned' });
  // The engine itself would answer from the update that the terminated run had completed.
  expect(await caught(stage.renders.submitOnce(key, CARD))).toMatchObject({ ...abandoned, project });
  expect(await caught(stage.renders.start(key, CARD))).toMatchObject(abandoned);

  const again = await stage.renders.submitOnce(key, CARD, { ...OPTIONS, restart: true });
  expect(again).toMatchObject({ project });
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done', project });
  expect(await posts(key)).toBe(1);
});

test('a key whose other movie the provider holds is refused with the project, and a restart with that movie adopts it', async () => {
  const key = freshKey('elsewhere');
  const other = { ...CARD, quality: 'low' };
  const { project } = await stage.renders.submitOnce(key, other);
  await stage.client.workflowService.deleteWorkflowExecution({
    namespace: stage.client.options.namespace,
    workflowExecution: { workflowId: key },
  });
  await until(
    'the engine has forgotten it',
    async () => (await caught(stage.renders.status(key))) instanceof Error,
  );
  const look = { ...OPTIONS, lookFrom: new Date(Date.now() - 60_000).toISOString() };
  const reused = { code: 'IdempotencyKeyReused', key, project, message: expect.stringContaining(project) };
  expect(await caught(stage.renders.submitOnce(key, CARD, look))).toMatchObject(reused);
  expect(await caught(stage.renders.submitOnce(key, other))).toMatchObject(reused);
  expect(await caught(stage.renders.result(key))).toMatchObject(reused);

  expect(await stage.renders.submitOnce(key, other, { restart: true })).toMatchObject({ project });
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done', project });
  expect(await posts(key)).toBe(1);
});

test('a key terminated before its submission ended is RenderAbandoned, and restart sends only after it has looked', async () => {
  const key = freshKey('terminated-early');
  const park = await stage.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'park', at: 'after' },
  });
  await stage.renders.start(key, CARD, OPTIONS);
  const [movie] = await until('the movie is accepted', async () => {
    const movies = await stage.fake.movies(key);
    return movies.length > 0 && movies;
  });
  await stage.client.workflow.getHandle(key).terminate('by a person');
  await stage.fake.release(park);
  expect(await caught(stage.renders.submitOnce(key, CARD))).toMatchObject({ code: 'RenderAbandoned', key });
  expect(await caught(stage.renders.start(key, CARD))).toMatchObject({ code: 'RenderAbandoned', key });
  const answer = await stage.renders.submitOnce(key, CARD, { ...OPTIONS, restart: true });

  expect(answer).toMatchObject({ project: movie?.project });
  expect(await posts(key)).toBe(1);
});

test('a restart after a run that never ran sends once, at once: nothing was sent before', async () => {
  const key = freshKey('restart-first');
  await stopWorker();
  await stage.renders.start(key, CARD, OPTIONS);
  await stage.client.workflow.getHandle(key).terminate('by a person');
  stopWorker = await stage.hostWorker();
  const restarts = Array.from({ length: 3 }, () =>
    stage.renders.submitOnce(key, CARD, { ...OPTIONS, restart: true, deadlineMs: 90_000 }),
  );
  const answers = await Promise.all(restarts);

  expect(new Set(answers.map((answer) => answer.project)).size).toBe(1);
  expect(await posts(key)).toBe(1);
}, 120_000);

test('a restart after a run that was terminated while it sent is held: nobody knows the account of that POST', async () => {
  const key = freshKey('restart-held');
  const effect = { kind: 'park', at: 'before' } as const;
  await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
  await stage.renders.start(key, CARD, OPTIONS);
  await until('the POST is on its way', async () => (await posts(key)) === 1);
  await stage.client.workflow.getHandle(key).terminate('by a person');
  await stage.renders.start(key, CARD, { ...OPTIONS, restart: true });

  await until('the key is held', async () => (await stage.renders.status(key)).state === 'held', 90_000);
  expect(await posts(key)).toBe(1);
}, 120_000);

test('a run that timed out at the engine counts as abandoned', async () => {
  const key = freshKey('timed-out-run');
  await stage.client.workflow.start('renderMovie', {
    workflowId: key,
    taskQueue: `nobody-${randomUUID()}`,
    args: [{ movie: CARD, fingerprint: 'x', caller: 'y' }],
    workflowExecutionTimeout: '1s',
  });
  await until('the run is closed', async () => (await stage.renders.status(key)).state === 'abandoned');

  const expected = { code: 'RenderAbandoned', message: expect.stringContaining('timed out') };
  expect(await caught(stage.renders.submitOnce(key, CARD))).toMatchObject(expected);
  expect(await caught(stage.renders.result(key))).toMatchObject(expected);
});

test('cancel of a closed key changes nothing, and of an unknown key is KeyNotFound', async () => {
  const key = freshKey('cancel-closed');
  const video = await stage.renders.render(key, CARD);
  await stage.renders.cancel(key);

  expect(await stage.renders.result(key)).toEqual(video);
  expect(await caught(stage.renders.cancel(freshKey('nobody')))).toMatchObject({ code: 'KeyNotFound' });
});

test('an aborted signal stops the waiting with its reason, and the render goes on', async () => {
  const key = freshKey('aborted');
  await stage.renders.submitOnce(key, CARD);
  const reason = new Error('the request was closed');
  const controller = new AbortController();
  const waiting = caught(stage.renders.result(key, { signal: controller.signal }));
  controller.abort(reason);

  expect(await waiting).toBe(reason);
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done' });
});

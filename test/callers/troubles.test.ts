import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createRenderActivities } from '../../src/callers/index.js';
import { type CallerStage, openCallers } from '../support/caller-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
let callers: CallerStage;
beforeAll(async () => {
  stage = await openStage({ provider: { renderSeconds: 1 } });
  [callers] = await Promise.all([openCallers(stage), stage.hostWorker()]);
});
afterAll(async () => {
  await callers.close();
  await stage.close();
});

const posts = (key: string): Promise<unknown[]> => stage.fake.requests({ call: 'create', key });

async function refuse(key: string): Promise<void> {
  const body = JSON.stringify({ message: "Property 'style' is not valid" });
  const effect = { kind: 'status', code: 400, body, accept: false } as const;
  await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1 });
}

/** Runs one attempt of an activity. */
async function inActivity<T>(work: () => Promise<T>): Promise<T> {
  return (await new MockActivityEnvironment({ attempt: 1 }).run(work)) as T;
}

/** Runs one attempt of an activity; returns its failure. */
async function failureOf(work: () => Promise<unknown>): Promise<ApplicationFailure> {
  const error: unknown = await inActivity(work).catch((thrown: unknown) => thrown);
  if (!(error instanceof ApplicationFailure)) throw new Error(`no failure: ${String(error)}`);
  return error;
}

test('an attempt whose reply was lost is repeated and joins its own render', async () => {
  const key = freshKey('lost-reply');
  let attempts = 0;
  const lossy = await openCallers(stage, {
    instead: ({ submitRender }) => ({
      submitRender: async (order) => {
        const ticket = await submitRender(order);
        attempts += 1;
        if (attempts === 1) throw new Error('the reply was lost');
        return ticket;
      },
    }),
  });
  onTestFinished(() => lossy.close());
  const order = await lossy.start('renderMovieOf', key, CARD);
  const [movie] = await until('it is accepted', async () => {
    const movies = await stage.fake.movies(key);
    return movies.length > 0 && movies;
  });
  expect(await order.result()).toBe(movie?.project);
  expect(attempts).toBe(2);
  expect(await posts(key)).toHaveLength(1);
});

test('an attempt whose reply was lost does not start a render anew that was cancelled meanwhile', async () => {
  const key = freshKey('lost-and-cancelled');
  // Nothing can be sent yet, so that the cancel leaves the key free.
  const effect = { kind: 'status', code: 429, body: '{}', accept: false } as const;
  await stage.fake.fault({ match: { call: 'create', key }, effect, times: 1_000 });
  let attempts = 0;
  const lossy = await openCallers(stage, {
    instead: ({ submitRender }) => ({
      submitRender: async (order) => {
        attempts += 1;
        const ticket = await submitRender(order);
        if (attempts > 1) return ticket;
        await until('the provider has refused it', async () => (await posts(key)).length > 0);
        await stage.renders.cancel(key);
        await stage.renders.result(key).catch(() => undefined);
        throw new Error('the reply was lost');
      },
    }),
  });
  onTestFinished(() => lossy.close());
  const order = await lossy.start('failureOfRender', key, CARD);
  expect(await order.result()).toMatchObject({ code: 'RenderCancelled', key });
  expect(attempts).toBe(2);
  await stage.fake.clearFaults();
  expect(await posts(key)).toHaveLength(1);
});

test('a rejected movie and a failed render end the step with their reasons', async () => {
  const [rejected, failed] = [freshKey('rejected'), freshKey('failed')];
  await refuse(rejected);
  await stage.fake.fault({
    match: { key: failed },
    effect: { kind: 'state', script: ['error'] },
  });
  const orders = await Promise.all([
    callers.start('failureOfRender', rejected, CARD),
    callers.start('failureOfRender', failed, CARD, { errorGraceSeconds: 10 }),
  ]);
  expect(await orders[0].result()).toMatchObject({
    code: 'MovieRejected',
    httpStatus: 400,
    message: expect.stringContaining("'style' is not valid") as string,
  });
  expect(await orders[1].result()).toMatchObject({
    code: 'RenderFailed',
    outcome: { status: 'failed', key: failed },
  });
}, 90_000);

test('a movie that no engine holds fails the step at once, and never the worker', async () => {
  const key = freshKey('impossible');
  const order = await callers.start('impossibleMovies', key, 1_600_000);
  expect(await order.result()).toMatchObject([{ code: 'MovieInvalid' }, { code: 'MovieInvalid' }]);
  const bad = await callers.start('failureOfRender', 'renderonce.mine', CARD);
  expect(await bad.result()).toMatchObject({ code: 'KeyInvalid' });
  const wait = await callers.start('renderMovieOf', key, CARD, { waitSeconds: 0 });
  await expect(wait.result()).rejects.toMatchObject({ cause: { type: 'OptionsInvalid' } });
  expect(await posts(key)).toEqual([]);
});

test('a wait that is too short ends with a timeout, and the render goes on', async () => {
  const key = freshKey('impatient');
  const effect = { kind: 'state' as const, script: ['running', 'running', 'done'] };
  await stage.fake.fault({ match: { key }, effect });
  const order = await callers.start('renderMovieOf', key, CARD, { waitSeconds: 3, pollSeconds: 5 });
  await expect(order.result()).rejects.toMatchObject({
    cause: { name: 'ActivityFailure', cause: { name: 'TimeoutFailure' } },
  });
  expect(await stage.renders.result(key)).toMatchObject({ status: 'done' });
}, 60_000);

test('a key that was rejected and taken by another movie is not answered with that movie', async () => {
  const key = freshKey('taken-over');
  const activities = createRenderActivities({ client: stage.client, taskQueue: stage.taskQueue });
  await refuse(key);
  const ticket = await inActivity(() => activities.submitRender({ key, movie: CARD }));
  await expect(stage.renders.result(key)).rejects.toMatchObject({ code: 'MovieRejected' });
  await stage.renders.render(key, { ...CARD, resolution: 'hd' });

  const failure = await failureOf(() => activities.awaitRender(ticket));
  expect(failure).toMatchObject({ type: 'IdempotencyKeyReused', nonRetryable: true });
  expect(failure.details).toMatchObject([{ differences: ['resolution'] }]);

  // The same movie under the key is the ticket's, whoever started it.
  const again = freshKey('again');
  await refuse(again);
  const other = await inActivity(() =>
    activities.submitRender({ key: again, movie: CARD, options: { ignore: ['/scenes/*/id'] } }),
  );
  await expect(stage.renders.result(again)).rejects.toMatchObject({ code: 'MovieRejected' });
  await until(
    'its rejection is not shared any more',
    async () => {
      const call = stage.renders.submitOnce(again, CARD).catch(() => undefined);
      return (await call) !== undefined;
    },
    90_000,
  );
  const video = await inActivity(() => activities.awaitRender(other));
  expect(video).toMatchObject({ status: 'done', key: again });
}, 150_000);

test('while no worker is up a wait is repeated, says why, and counts as no error', async () => {
  const key = freshKey('unserved');
  const activities = createRenderActivities({ client: stage.client, taskQueue: 'nobody' });
  const ticket = await inActivity(() => activities.submitRender({ key, movie: CARD }));
  const failure = await failureOf(() => activities.awaitRender(ticket));
  expect(failure).toMatchObject({
    type: 'StillWaiting',
    category: 'BENIGN',
    nonRetryable: false,
    message: 'the render is submitting: no worker polls task queue nobody',
  });
  expect(Number(failure.nextRetryDelay)).toBeGreaterThanOrEqual(2_000);
  await stage.renders.cancel(key);
}, 60_000);

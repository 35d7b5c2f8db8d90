import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { BAD_MOVIE, BudgetStage } from '../support/budget-stage.js';
import { type CallerStage, openCallers } from '../support/caller-stage.js';
import { Doubt, DOUBT_TERMS, HELD_WITHIN_MS } from '../support/doubt.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { until } from '../support/until.js';
import { acceptWitness } from '../support/witness.js';

expectNoProcessLeft();

const budgets = BudgetStage.forFile({ provider: { renderSeconds: 1 } });
let callers: CallerStage;
beforeAll(async () => {
  callers = await openCallers(budgets.stage);
});
afterAll(() => callers.close());

const posts = (key: string): Promise<unknown[]> => budgets.fake.requests({ call: 'create', key });

/** Lets the render of a key go on for ever. */
const neverEnds = (key: string): Promise<unknown> =>
  budgets.fake.fault({ match: { key }, effect: { kind: 'state', script: ['running'] } });

/** The last failure of the activity that waits, as the Temporal UI shows it. */
async function pendingFailureOf(workflow: WorkflowHandle): Promise<string> {
  const { raw } = await workflow.describe();
  return (raw.pendingActivities ?? []).map(({ lastFailure }) => lastFailure?.message ?? '').join();
}

test('a denied budget fails the step before a POST, and the same key renders once the limit is raised', async () => {
  const budget = await budgets.make(1);
  const key = freshKey('denied');
  const options = { budget, submitPatienceSeconds: 0 };
  const denied = await callers.start('failureOfRender', key, CARD, options);
  expect(await denied.result()).toMatchObject({
    code: 'BudgetExceeded',
    key,
    message: expect.stringContaining(`budget ${budget} has 1 of 1 credits left`) as string,
    next: expect.stringContaining('renderonce budget show') as string,
  });
  expect(await posts(key)).toEqual([]);

  await budgets.set(budget, 100);
  const raised = await callers.start('renderMovieOf', key, CARD, options);
  const project = await raised.result();
  expect(await budgets.fake.movies(key)).toMatchObject([{ project }]);
  expect(await posts(key)).toHaveLength(1);
});

test('a render that took too long, and one that somebody cancelled, fail the step with their outcome, and the worker goes on', async () => {
  const [late, cancelled, uncaught] = [freshKey('late'), freshKey('cancelled'), freshKey('uncaught')];
  await Promise.all([late, cancelled, uncaught].map(neverEnds));
  const [ofLate, ofCancelled, ofUncaught] = await Promise.all([
    callers.start('failureOfRender', late, CARD, { renderTimeoutSeconds: 10 }),
    callers.start('failureOfRender', cancelled, CARD),
    callers.start('renderMovieOf', uncaught, CARD),
  ]);
  for (const key of [cancelled, uncaught]) {
    await until('it renders', async () => (await budgets.fake.movies(key)).length === 1);
    await budgets.untilState(key, 'rendering');
    await budgets.renders.cancel(key);
  }
  const [movie] = await budgets.fake.movies(cancelled);
  expect(await ofCancelled.result()).toMatchObject({
    code: 'RenderCancelled',
    project: movie?.project,
    outcome: { status: 'cancelled', key: cancelled },
    next: expect.stringContaining('The key is spent') as string,
  });
  await expect(ofUncaught.result()).rejects.toMatchObject({
    cause: {
      name: 'ActivityFailure',
      cause: { name: 'ApplicationFailure', type: 'RenderCancelled', nonRetryable: true },
    },
  });
  expect(await ofLate.result()).toMatchObject({
    code: 'RenderTimedOut',
    outcome: { status: 'timed-out', key: late },
    next: expect.stringContaining('renderonce review') as string,
  });
  // The key is spent: the same call fails as before, and sends nothing.
  const again = await callers.start('failureOfRender', late, CARD);
  expect(await again.result()).toMatchObject({ code: 'RenderTimedOut' });
  for (const key of [late, cancelled, uncaught]) expect(await posts(key)).toHaveLength(1);
}, 120_000);

test('a held render keeps its caller waiting until a person decides: adopted, sent again, or abandoned', async () => {
  await acceptWitness(budgets.stage);
  const doubt = new Doubt(budgets.stage);
  const [adopted, resubmitted, abandoned] = ['adopted', 'resubmitted', 'abandoned'].map(freshKey) as [
    string,
    string,
    string,
  ];
  const accepted = { [adopted]: true, [resubmitted]: false, [abandoned]: true };
  for (const [key, isAccepted] of Object.entries(accepted)) await doubt.lose(key, isAccepted);
  const callOf = (workflow: string, key: string) => callers.start(workflow, key, CARD, DOUBT_TERMS);
  const orders = await Promise.all([
    callOf('renderMovieOf', adopted),
    callOf('renderMovieOf', resubmitted),
    callOf('failureOfRender', abandoned),
  ]);
  await until(
    'the pending activities say that a person must decide',
    async () => {
      const failures = await Promise.all(orders.map(pendingFailureOf));
      return failures.every((failure) => failure.includes('a person must decide, see renderonce status'));
    },
    HELD_WITHIN_MS,
  );
  const [project = ''] = await doubt.paid(adopted);
  expect(await doubt.resolve(adopted, '--adopt', project)).toMatchObject({ code: 0 });
  expect(await doubt.resolve(resubmitted, '--resubmit')).toMatchObject({ code: 0 });
  expect(await doubt.resolve(abandoned, '--abandon')).toMatchObject({ code: 0 });

  expect(await orders[0].result()).toBe(project);
  expect([await orders[1].result()]).toEqual(await doubt.paid(resubmitted));
  expect(await orders[2].result()).toMatchObject({
    code: 'RenderAbandoned',
    next: expect.stringContaining('renderonce audit') as string,
  });
  expect(await posts(adopted)).toHaveLength(1);
  expect(await posts(abandoned)).toHaveLength(1);
  expect(await posts(resubmitted)).toHaveLength(2);
  expect(await doubt.paid(resubmitted)).toHaveLength(1);
}, 240_000);

test('the order of the example goes out without a video if its movie is rejected, and says why', async () => {
  const id = freshKey('rejected');
  const key = `order:${id}:promo-video`;
  await budgets.fake.fault({ match: { call: 'create', key }, effect: BAD_MOVIE, times: 1 });
  const order = await callers.start('fulfilOrder', { id, customer: 'Ada' });
  expect(await order.result()).toEqual({
    order: id,
    reason: expect.stringContaining('bad movie') as string,
  });
  expect(await posts(key)).toHaveLength(1);
});

import { expect, test } from 'vitest';
import { BudgetExceeded, MovieRejected, OptionsInvalid } from '../../src/index.js';
import { BAD_MOVIE, BudgetStage, expectSettled, SLOW_DOWN } from '../support/budget-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const budgets = BudgetStage.forFile({ provider: { timeScale: 20 } });

/** A movie of five seconds costs five credits. */
const PRICE = 5;

/** Keys of the renders that the engine's index shows with a budget. */
async function listedBy(budget: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of budgets.renders.list({ query: `RenderBudget="${budget}"` })) keys.push(key);
  return keys;
}

test('credits are reserved before the POST, and posted when the video is there', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('paid');
  await budgets.renders.submitOnce(key, CARD, { budget });
  expect(await budgets.view(budget)).toMatchObject({ reserved: PRICE, posted: 0, left: 95 });
  await budgets.renders.result(key);
  await expectSettled(budgets, budget, { reserved: 0, posted: PRICE, left: 95 });
});

test('a movie that a budget does not hold is not sent, the error says why, and the key is free', async () => {
  const budget = await budgets.make(PRICE + 1);
  await budgets.renders.submitOnce(freshKey('first'), CARD, { budget });
  const key = freshKey('second');
  const refused = await budgets.renders.submitOnce(key, CARD, { budget }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BudgetExceeded);
  expect(String(refused)).toContain(`budget ${budget} has 1 of 6 credits left`);
  expect(await budgets.fake.movies(key)).toEqual([]);
  await until('the index shows the denied render', async () => (await listedBy(budget)).includes(key));
  await budgets.set(budget, 100);
  await budgets.renders.submitOnce(key, CARD, { budget });
  expect(await budgets.fake.movies(key)).toHaveLength(1);
});

test('a movie waits for the next window of its budget, and is sent when a person raises the limit', async () => {
  const budget = await budgets.make(PRICE + 1, { per: 'day' });
  await budgets.renders.submitOnce(freshKey('first'), CARD, { budget });
  const key = freshKey('waiting');
  await budgets.renders.start(key, CARD, { budget, submitPatienceSeconds: 2 * 86_400 });
  await budgets.untilState(key, 'waiting');
  const story = await budgets.renders.story(key);
  expect(story.message).toMatch(/waiting for budget .*has 1 of 6 credits left, and this movie needs 5/);
  expect(story.message).toMatch(/next window opens at \d{4}-\d\d-\d\dT00:00:00Z/);
  expect(await budgets.fake.movies(key)).toEqual([]);
  await budgets.set(budget, 100, { per: 'day' });
  await until('it is sent', async () => (await budgets.fake.movies(key)).length === 1, 30_000);
});

test('a budget that nobody made is an invalid option, and nothing is started', async () => {
  const key = freshKey('nowhere');
  const budget = freshKey('none');
  await expect(budgets.renders.submitOnce(key, CARD, { budget })).rejects.toThrow(OptionsInvalid);
  await expect(budgets.renders.status(key)).rejects.toThrow('knows no render');
});

test('a rejected movie frees its credits', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('rejected');
  await budgets.fake.fault({ match: { call: 'create', key }, effect: BAD_MOVIE });
  await expect(budgets.renders.submitOnce(key, CARD, { budget })).rejects.toThrow(MovieRejected);
  await expectSettled(budgets, budget, { reserved: 0, posted: 0, inDoubt: 0, left: 100 });
});

test('a refused submission gives its credits back while it waits', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('refused');
  await budgets.fake.fault({ match: { call: 'create', key }, effect: SLOW_DOWN, times: 3 });
  await budgets.renders.start(key, CARD, { budget });
  await budgets.untilState(key, 'waiting');
  await expectSettled(budgets, budget, { reserved: 0, left: 100 });
  await until('it is sent', async () => (await budgets.fake.movies(key)).length === 1, 30_000);
  expect(await budgets.view(budget)).toMatchObject({ reserved: PRICE });
});

test('a lost reply keeps its credits until the movie is found, and posts them once', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('lost');
  await budgets.fake.fault({
    match: { call: 'create', key },
    effect: { kind: 'reset-after' },
    times: 1,
  });
  await budgets.renders.start(key, CARD, { budget });
  await budgets.untilState(key, 'unknown');
  expect(await budgets.view(budget)).toMatchObject({ reserved: PRICE });
  await budgets.renders.result(key);
  await expectSettled(budgets, budget, { reserved: 0, posted: PRICE, inDoubt: 0 });
  expect(await budgets.fake.movies(key)).toHaveLength(1);
});

test('a cancelled render may still be paid for, so its credits stay in doubt', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('cancelled');
  await budgets.renders.submitOnce(
    key,
    { ...CARD, scenes: [{ ...CARD.scenes[0], duration: 60 }] },
    { budget },
  );
  await budgets.renders.cancel(key);
  await expectSettled(budgets, budget, { reserved: 0, posted: 0, inDoubt: 60 });
});

test('a window reports its soft limit and its first denial once, and workers count both', async () => {
  const budget = await budgets.make(PRICE + 1);
  await budgets.renders.submitOnce(freshKey('soft'), CARD, { budget });
  for (const key of [freshKey('one'), freshKey('two')])
    await expect(budgets.renders.submitOnce(key, CARD, { budget })).rejects.toThrow(BudgetExceeded);
  for (const type of ['budget.soft_exceeded', 'budget.exceeded']) {
    const report = budgets.client.workflow.getHandle(`renderonce.budget-event:${budget}:total:${type}`);
    await until('it is reported', async () =>
      report.describe().then(
        () => true,
        () => false,
      ),
    );
  }
  expect(await budgets.view(budget)).toMatchObject({ reached: { soft: true, limit: true } });
});

test('a paid render that nothing else follows settles its credits itself, with one signal and no child', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('followed');
  await budgets.renders.render(key, CARD, { budget });
  const { events } = await budgets.client.workflow.getHandle(key).fetchHistory();
  const activities = events?.flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  expect(new Set(activities)).toEqual(new Set(['submitMovie', 'checkMovie']));
  const started = events?.filter((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
  expect(started).toEqual([]);
  const signals = events?.filter((event) => event.externalWorkflowExecutionSignaledEventAttributes);
  expect(signals).toHaveLength(1);
  // The engine has delivered the signal before the run is closed.
  expect(await budgets.view(budget)).toMatchObject({ reserved: 0, posted: PRICE });
});

test('a render whose budget has gone meanwhile ends all the same', async () => {
  const budget = await budgets.make(100);
  const key = freshKey('gone');
  await budgets.renders.submitOnce(key, CARD, { budget });
  await budgets.client.workflow.getHandle(`renderonce.budget:${budget}`).terminate('a test');
  expect(await budgets.renders.result(key)).toMatchObject({ status: 'done' });
});

test('a render without a budget has no event more than before, and none of them names one', async () => {
  const key = freshKey('plain');
  await budgets.renders.render(key, CARD);
  const { events } = await budgets.client.workflow.getHandle(key).fetchHistory();
  const scheduled = events?.flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  expect(new Set(scheduled)).toEqual(new Set(['submitMovie', 'checkMovie']));
  expect(JSON.stringify(events)).not.toContain('RenderBudget');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { BudgetExceeded, MovieRejected, OptionsInvalid } from '../../src/index.js';
import type { BudgetSetting, BudgetView } from '../../src/render/budget.js';
import { setBudget, showBudget } from '../../src/starter/budgets.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ provider: { timeScale: 20 } });
  await stage.hostWorker();
});
afterAll(() => stage.close());

const SLOW_DOWN = {
  kind: 'status',
  code: 429,
  accept: false,
  body: '{"success":false,"message":"slow down"}',
} as const;

/** A movie of five seconds costs five credits. */
const PRICE = 5;

async function newBudget(limit: number, more: Partial<BudgetSetting> = {}): Promise<string> {
  const name = freshKey('budget');
  await set(name, limit, more);
  return name;
}

function set(name: string, limit: number, more: Partial<BudgetSetting> = {}): Promise<void> {
  const setting = { limit, per: 'total', by: 'a test', why: 'to see', ...more } as const;
  return setBudget(stage.client, stage.taskQueue, name, setting);
}

async function view(name: string): Promise<BudgetView> {
  const found = await showBudget(stage.client, stage.taskQueue, name);
  if (found === undefined) throw new Error(`there is no budget ${name}`);
  return found;
}

/** Waits until a budget shows these numbers: settlements come after the end of a render. */
async function expectSettled(name: string, numbers: Partial<BudgetView>): Promise<void> {
  await until('the budget shows it', async () => {
    const found = await view(name);
    return Object.entries(numbers).every(([key, value]) => found[key as keyof BudgetView] === value);
  }).catch(() => undefined);
  expect(await view(name)).toMatchObject(numbers);
}

test('credits are reserved before the POST, and posted when the video is there', async () => {
  const budget = await newBudget(100);
  const key = freshKey('paid');
  await stage.renders.submitOnce(key, CARD, { budget });
  expect(await view(budget)).toMatchObject({ reserved: PRICE, posted: 0, left: 95 });
  await stage.renders.result(key);
  await expectSettled(budget, { reserved: 0, posted: PRICE, left: 95 });
});

test('a movie that a budget does not hold is not sent, the error says why, and the key is free', async () => {
  const budget = await newBudget(PRICE + 1);
  await stage.renders.submitOnce(freshKey('first'), CARD, { budget });
  const key = freshKey('second');
  const refused = await stage.renders.submitOnce(key, CARD, { budget }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(BudgetExceeded);
  expect(String(refused)).toContain(`budget ${budget} has 1 of 6 credits left`);
  expect(await stage.fake.movies(key)).toEqual([]);
  await set(budget, 100);
  await stage.renders.submitOnce(key, CARD, { budget });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a movie waits for the next window of its budget, and is sent when a person raises the limit', async () => {
  const budget = await newBudget(PRICE + 1, { per: 'day' });
  await stage.renders.submitOnce(freshKey('first'), CARD, { budget });
  const key = freshKey('waiting');
  await stage.renders.start(key, CARD, { budget, submitPatienceSeconds: 2 * 86_400 });
  await until('it waits', async () => (await stage.renders.status(key)).state === 'waiting');
  const story = await stage.renders.story(key);
  expect(story.message).toMatch(/waiting for budget .*has 1 of 6 credits left, and this movie needs 5/);
  expect(story.message).toMatch(/next window opens at \d{4}-\d\d-\d\dT00:00:00Z/);
  expect(await stage.fake.movies(key)).toEqual([]);
  await set(budget, 100, { per: 'day' });
  await until('it is sent', async () => (await stage.fake.movies(key)).length === 1, 30_000);
});

test('a budget that nobody made is an invalid option, and nothing is started', async () => {
  const key = freshKey('nowhere');
  const budget = freshKey('none');
  await expect(stage.renders.submitOnce(key, CARD, { budget })).rejects.toThrow(OptionsInvalid);
  await expect(stage.renders.status(key)).rejects.toThrow('knows no render');
});

test('a rejected movie frees its credits', async () => {
  const budget = await newBudget(100);
  const key = freshKey('rejected');
  const rule = {
    kind: 'status',
    code: 400,
    accept: false,
    body: '{"success":false,"message":"bad movie"}',
  } as const;
  await stage.fake.fault({ match: { call: 'create', key }, effect: rule });
  await expect(stage.renders.submitOnce(key, CARD, { budget })).rejects.toThrow(MovieRejected);
  await expectSettled(budget, { reserved: 0, posted: 0, inDoubt: 0, left: 100 });
});

test('a refused submission gives its credits back while it waits', async () => {
  const budget = await newBudget(100);
  const key = freshKey('refused');
  await stage.fake.fault({ match: { call: 'create', key }, effect: SLOW_DOWN, times: 3 });
  await stage.renders.start(key, CARD, { budget });
  await until('it waits', async () => (await stage.renders.status(key)).state === 'waiting');
  await expectSettled(budget, { reserved: 0, left: 100 });
  await until('it is sent', async () => (await stage.fake.movies(key)).length === 1, 30_000);
  expect(await view(budget)).toMatchObject({ reserved: PRICE });
});

test('a lost reply keeps its credits until the movie is found, and posts them once', async () => {
  const budget = await newBudget(100);
  const key = freshKey('lost');
  await stage.fake.fault({ match: { call: 'create', key }, effect: { kind: 'reset-after' }, times: 1 });
  await stage.renders.start(key, CARD, { budget });
  await until('it is in doubt', async () => (await stage.renders.status(key)).state === 'unknown');
  expect(await view(budget)).toMatchObject({ reserved: PRICE });
  await stage.renders.result(key);
  await expectSettled(budget, { reserved: 0, posted: PRICE, inDoubt: 0 });
  expect(await stage.fake.movies(key)).toHaveLength(1);
});

test('a cancelled render may still be paid for, so its credits stay in doubt', async () => {
  const budget = await newBudget(100);
  const key = freshKey('cancelled');
  await stage.renders.submitOnce(key, { ...CARD, scenes: [{ ...CARD.scenes[0], duration: 60 }] }, { budget });
  await stage.renders.cancel(key);
  await expectSettled(budget, { reserved: 0, posted: 0, inDoubt: 60 });
});

test('a window reports its soft limit and its first denial once, and workers count both', async () => {
  const budget = await newBudget(PRICE + 1);
  await stage.renders.submitOnce(freshKey('soft'), CARD, { budget });
  for (const key of [freshKey('one'), freshKey('two')])
    await expect(stage.renders.submitOnce(key, CARD, { budget })).rejects.toThrow(BudgetExceeded);
  for (const type of ['budget.soft_exceeded', 'budget.exceeded']) {
    const report = stage.client.workflow.getHandle(`renderonce.budget-event:${budget}:total:${type}`);
    await until('it is reported', async () =>
      report.describe().then(
        () => true,
        () => false,
      ),
    );
  }
  expect(await view(budget)).toMatchObject({ reached: { soft: true, limit: true } });
});

test('the end of a paid render is settled by what follows it, and the render starts that and no activity', async () => {
  const budget = await newBudget(100);
  const key = freshKey('followed');
  await stage.renders.render(key, CARD, { budget });
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  const activities = events?.flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  expect(new Set(activities)).toEqual(new Set(['submitMovie', 'checkMovie']));
  const started = events?.filter((event) => event.startChildWorkflowExecutionInitiatedEventAttributes);
  expect(started).toHaveLength(1);
  await expectSettled(budget, { reserved: 0, posted: PRICE });
});

test('a render without a budget has no event more than before, and none of them names one', async () => {
  const key = freshKey('plain');
  await stage.renders.render(key, CARD);
  const { events } = await stage.client.workflow.getHandle(key).fetchHistory();
  const scheduled = events?.flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? [],
  );
  expect(new Set(scheduled)).toEqual(new Set(['submitMovie', 'checkMovie']));
  expect(JSON.stringify(events)).not.toContain('RenderBudget');
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { playCrowd } from '../support/budget-crowd.js';
import { playLeak } from '../support/budget-leak.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { seededRandom } from '../support/random.js';
import { openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'memory', provider: { timeScale: 20 } });
});
afterAll(() => stage.close());

test('of 120 submissions at once from four processes, a budget for 15 movies lets exactly 15 through', async () => {
  const end = await playCrowd(stage, {
    submissions: 120,
    movies: 15,
    processes: 4,
    workers: 2,
    updatesPerRun: 20,
  });
  expect(end.answers).toEqual({ accepted: 15, BudgetExceeded: 105 });
  expect(end).toMatchObject({ accepted: 15, keys: 15, charged: 75 });
  expect(end.budget.all).toEqual({ posted: 75, reserved: 0, inDoubt: 0 });
}, 300_000);

test('not one more while workers are killed at random and the budget continues as new every 4 reservations', async () => {
  // Half of the POSTs are refused, so that reservations are given back and made again.
  const rule = await stage.fake.fault({
    match: { call: 'create', probability: 0.5 },
    effect: { kind: 'status', code: 429, accept: false, body: '{"success":false,"message":"slow down"}' },
  });
  const end = await playCrowd(stage, {
    submissions: 60,
    movies: 15,
    processes: 4,
    workers: 2,
    updatesPerRun: 4,
    submitTimeoutSeconds: 15,
    killEveryMs: 1_500,
    mostKills: 4,
    random: seededRandom(1),
  });
  await stage.fake.removeFault(rule);
  expect(end.accepted).toBeLessThanOrEqual(15);
  expect(end.keys).toBe(end.accepted);
  expect(end.kills).toBeGreaterThan(1);
  expect(end.runs).toBeGreaterThan(3);
  expect(end.budget.all.posted).toBe(end.charged);
  expect(end.budget.all.posted + end.budget.all.inDoubt).toBeLessThanOrEqual(75);
}, 400_000);

test('after 100 renders with refusals, rejections and lost replies a budget holds nothing, and its histories stay short', async () => {
  const stop = await stage.hostWorker();
  try {
    const { ends, charged, budget, runs, longest } = await playLeak(stage, {
      renders: 100,
      updatesPerRun: 20,
    });
    expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(budget.all).toEqual({ posted: charged, reserved: 0, inDoubt: 0 });
    expect(ends['done']).toBe(charged / 5);
    expect(runs).toBeGreaterThanOrEqual(5);
    expect(longest).toBeLessThan(1_000);
  } finally {
    await stop();
  }
}, 300_000);

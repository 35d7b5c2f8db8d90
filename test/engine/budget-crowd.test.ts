import { afterAll, beforeAll, expect, test } from 'vitest';
import { playCrowd } from '../support/budget-crowd.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { seededRandom } from '../support/random.js';
import { openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'memory', provider: { timeScale: 20 } });
});
afterAll(() => stage.close());

test('of 1,000 submissions at once from four processes, a budget for 50 movies lets exactly 50 through', async () => {
  const end = await playCrowd(stage, {
    submissions: 1_000,
    movies: 50,
    processes: 4,
    workers: 2,
    updatesPerRun: 100,
  });
  expect(end.answers).toEqual({ accepted: 50, BudgetExceeded: 950 });
  expect(end).toMatchObject({ accepted: 50, keys: 50, charged: 250 });
  expect(end.budget.all).toEqual({ posted: 250, reserved: 0, inDoubt: 0 });
}, 300_000);

test('not one more while workers are killed at random and the budget continues as new every 10 reservations', async () => {
  // Half of the POSTs are refused, so that reservations are given back and made again.
  const rule = await stage.fake.fault({
    match: { call: 'create', probability: 0.5 },
    effect: { kind: 'status', code: 429, accept: false, body: '{"success":false,"message":"slow down"}' },
  });
  const end = await playCrowd(stage, {
    submissions: 300,
    movies: 50,
    processes: 4,
    workers: 3,
    updatesPerRun: 10,
    submitTimeoutSeconds: 15,
    killEveryMs: 1_500,
    random: seededRandom(1),
  });
  await stage.fake.removeFault(rule);
  expect(end.accepted).toBeLessThanOrEqual(50);
  expect(end.keys).toBe(end.accepted);
  expect(end.kills).toBeGreaterThan(1);
  expect(end.runs).toBeGreaterThan(3);
  expect(end.budget.all.posted).toBe(end.charged);
  expect(end.budget.all.posted + end.budget.all.inDoubt).toBeLessThanOrEqual(250);
}, 400_000);

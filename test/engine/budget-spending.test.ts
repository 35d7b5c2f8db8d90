import { expect, test } from 'vitest';
import { setBudget } from '../../src/starter/budgets.js';
import { readSpending } from '../../src/temporal/run-spending.js';
import { BAD_MOVIE, BudgetStage, SLOW_DOWN } from '../support/budget-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

const budgets = BudgetStage.forFile({ provider: { timeScale: 20 } });

async function runOf(key: string) {
  const { runId } = await budgets.client.workflow.getHandle(key).describe();
  return { key, run: runId, runId };
}

const spending = async (key: string) => readSpending(budgets.client, await runOf(key));
const terminate = (key: string) => budgets.client.workflow.getHandle(key).terminate('a test');

test('an open run has spent nothing that is known, a finished one what it recorded', async () => {
  const key = freshKey('done');
  await budgets.renders.submitOnce(key, CARD);
  expect(await spending(key)).toBeUndefined();
  await budgets.renders.result(key);
  expect(await spending(key)).toEqual({ post: 5, inDoubt: 'rest' });
});

test('a run that was terminated while it was refused has sent nothing', async () => {
  const key = freshKey('refused');
  await budgets.fake.fault({ match: { call: 'create', key }, effect: SLOW_DOWN, times: 50 });
  await budgets.renders.start(key, CARD);
  await budgets.untilState(key, 'waiting');
  await terminate(key);
  expect(await spending(key)).toEqual({ post: 0, inDoubt: 'none' });
});

test('a run that was terminated after its POST may have spent, and so may one whose reply was lost', async () => {
  const [accepted, lost] = [freshKey('accepted'), freshKey('lost')];
  const long = { ...CARD, scenes: [{ ...CARD.scenes[0], duration: 60 }] };
  await budgets.renders.submitOnce(accepted, long);
  const match = { call: 'create', key: lost } as const;
  await budgets.fake.fault({ match, effect: { kind: 'reset-after' }, times: 1 });
  await budgets.renders.start(lost, long);
  await budgets.untilState(lost, 'unknown');
  for (const key of [accepted, lost]) {
    await terminate(key);
    expect(await spending(key)).toEqual({ post: 0, inDoubt: 'all' });
  }
});

test('a rejected movie has spent nothing, a cancelled render is in doubt, and so is one that nobody knows', async () => {
  const [rejected, cancelled] = [freshKey('rejected'), freshKey('cancelled')];
  await budgets.fake.fault({ match: { call: 'create', key: rejected }, effect: BAD_MOVIE });
  await budgets.renders.submitOnce(rejected, CARD).catch(() => undefined);
  expect(await spending(rejected)).toEqual({ post: 0, inDoubt: 'none' });
  await budgets.renders.submitOnce(cancelled, CARD);
  await budgets.renders.cancel(cancelled);
  await budgets.renders.result(cancelled).catch(() => undefined);
  expect(await spending(cancelled)).toEqual({ post: 0, inDoubt: 'all' });
  const nobody = { key: freshKey('nobody'), run: 'a', runId: '6c84fb90-12c4-11e1-840d-7b25c5ee775a' };
  expect(await readSpending(budgets.client, nobody)).toEqual({ post: 0, inDoubt: 'all' });
});

test('a denial leaves nothing in the history of the budget', async () => {
  const budget = await budgets.make(6);
  for (let times = 0; times < 5; times += 1)
    await budgets.renders.submitOnce(freshKey('crowd'), CARD, { budget }).catch(() => undefined);
  const { events } = await budgets.client.workflow.getHandle(`renderonce.budget:${budget}`).fetchHistory();
  const updates = events?.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes);
  expect(updates).toHaveLength(1);
});

test('a render that names no budget is paid from that of the workers, and waits until it is made', async () => {
  const own = await openStage({ provider: { timeScale: 20 } });
  try {
    const budget = freshKey('workers');
    await own.hostWorker({ RENDERONCE_BUDGET: budget });
    const key = freshKey('default');
    await own.renders.start(key, CARD);
    await until('it waits', async () => (await own.renders.status(key)).state === 'waiting');
    expect((await own.renders.status(key)).message).toContain(`there is no budget ${budget}`);
    expect(await own.fake.movies(key)).toEqual([]);
    const setting = { limit: 100, per: 'day', by: 'a test', why: 'to see' } as const;
    await setBudget(own.client, own.taskQueue, budget, setting);
    await until('it is sent', async () => (await own.fake.movies(key)).length === 1);
  } finally {
    await own.close();
  }
});

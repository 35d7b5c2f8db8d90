import { afterAll, beforeAll, expect, test } from 'vitest';
import { setBudget } from '../../src/starter/budgets.js';
import { readSpending } from '../../src/temporal/run-spending.js';
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

async function runOf(key: string) {
  const { runId } = await stage.client.workflow.getHandle(key).describe();
  return { key, run: runId, runId };
}

const spending = async (key: string) => readSpending(stage.client, await runOf(key));
const stateOf = async (key: string) => (await stage.renders.status(key)).state;
const terminate = (key: string) => stage.client.workflow.getHandle(key).terminate('a test');

test('an open run has spent nothing that is known, a finished one what it recorded', async () => {
  const key = freshKey('done');
  await stage.renders.submitOnce(key, CARD);
  expect(await spending(key)).toBeUndefined();
  await stage.renders.result(key);
  expect(await spending(key)).toEqual({ post: 5, inDoubt: 'rest' });
});

test('a run that was terminated while it was refused has sent nothing', async () => {
  const key = freshKey('refused');
  await stage.fake.fault({ match: { call: 'create', key }, effect: SLOW_DOWN, times: 50 });
  await stage.renders.start(key, CARD);
  await until('it waits', async () => (await stateOf(key)) === 'waiting');
  await terminate(key);
  expect(await spending(key)).toEqual({ post: 0, inDoubt: 'none' });
});

test('a run that was terminated after its POST may have spent, and so may one whose reply was lost', async () => {
  const [accepted, lost] = [freshKey('accepted'), freshKey('lost')];
  const long = { ...CARD, scenes: [{ ...CARD.scenes[0], duration: 60 }] };
  await stage.renders.submitOnce(accepted, long);
  const match = { call: 'create', key: lost } as const;
  await stage.fake.fault({ match, effect: { kind: 'reset-after' }, times: 1 });
  await stage.renders.start(lost, long);
  await until('it is in doubt', async () => (await stateOf(lost)) === 'unknown');
  for (const key of [accepted, lost]) {
    await terminate(key);
    expect(await spending(key)).toEqual({ post: 0, inDoubt: 'all' });
  }
});

test('a rejected movie has spent nothing, a cancelled render is in doubt, and so is one that nobody knows', async () => {
  const [rejected, cancelled] = [freshKey('rejected'), freshKey('cancelled')];
  const bad = { ...SLOW_DOWN, code: 400, body: '{"success":false,"message":"bad movie"}' } as const;
  await stage.fake.fault({ match: { call: 'create', key: rejected }, effect: bad });
  await stage.renders.submitOnce(rejected, CARD).catch(() => undefined);
  expect(await spending(rejected)).toEqual({ post: 0, inDoubt: 'none' });
  await stage.renders.submitOnce(cancelled, CARD);
  await stage.renders.cancel(cancelled);
  await stage.renders.result(cancelled).catch(() => undefined);
  expect(await spending(cancelled)).toEqual({ post: 0, inDoubt: 'all' });
  const nobody = { key: freshKey('nobody'), run: 'a', runId: '6c84fb90-12c4-11e1-840d-7b25c5ee775a' };
  expect(await readSpending(stage.client, nobody)).toEqual({ post: 0, inDoubt: 'all' });
});

test('a denial leaves nothing in the history of the budget', async () => {
  const budget = freshKey('budget');
  const setting = { limit: 6, per: 'total', by: 'a test', why: 'to see' } as const;
  await setBudget(stage.client, stage.taskQueue, budget, setting);
  for (let times = 0; times < 5; times += 1)
    await stage.renders.submitOnce(freshKey('crowd'), CARD, { budget }).catch(() => undefined);
  const { events } = await stage.client.workflow.getHandle(`renderonce.budget:${budget}`).fetchHistory();
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

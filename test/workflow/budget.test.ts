import { expect, inject, test } from 'vitest';
import { createActivities } from '../../src/activities/index.js';
import type { BudgetSetting, BudgetView, ReserveRequest } from '../../src/render/budget.js';
import { BUDGET, budgetMessages } from '../../src/workflows/messages.js';
import { hostRenders, openSkippedTime } from '../support/time-skipping.js';

const SETTING: BudgetSetting = { limit: 100, per: 'total', by: 'a test', why: 'to see' };

function request(run: string): ReserveRequest {
  return { run, runId: run, key: `key-${run}`, number: 1, count: 1, credits: 5, isUnknown: false };
}

type Asked = { readonly runs: readonly { readonly run: string; readonly runId: string }[] };

/** Opens a budget on an engine that skips time; `ask` answers for the runs of its old reservations. */
async function openBudget(ask: (asked: Asked) => object[], updatesPerRun?: number) {
  const env = await openSkippedTime();
  const asked: string[][] = [];
  const close = await hostRenders(env, undefined as never, false, {
    bundle: inject('workflowBundle'),
    createActivities: (given) => ({
      ...createActivities({ ...given, json2video: { account: 'none' } as never }),
      askRuns: async (question: Asked) => {
        asked.push(question.runs.map(({ run }) => run));
        return ask(question) as never;
      },
    }),
  });
  const id = 'renderonce.budget:shop';
  const { workflow } = env.client;
  const args = [{ updatesPerRun }];
  await workflow.start(BUDGET, { workflowId: id, taskQueue: 'renderonce', args });
  const budget = workflow.getHandle(id);
  await budget.signal(budgetMessages.set, SETTING);
  const reserve = (run: string) =>
    budget.executeUpdate(budgetMessages.reserve, { updateId: `reserve:${run}:1`, args: [request(run)] });
  const view = async (): Promise<BudgetView | undefined> =>
    budget.query(budgetMessages.view, await env.currentTimeMs());
  return { env, budget, asked, reserve, view, close };
}

test('the runs of reservations are asked after once an hour; closed ones are settled, open ones never expire', async () => {
  const { env, asked, reserve, view, close } = await openBudget(({ runs }) =>
    runs
      .filter(({ run }) => run !== 'open')
      .map(({ run, runId }) => ({ run, runId, post: 0, inDoubt: run === 'lost' ? 'all' : 'none' })),
  );
  try {
    for (const run of ['open', 'lost', 'rejected']) await reserve(run);
    await env.sleep('59 minutes');
    expect(asked).toEqual([]);
    await env.sleep('2 hours');
    expect(new Set(asked.flat())).toEqual(new Set(['lost', 'open', 'rejected']));
    const before = asked.length;
    expect(await view()).toMatchObject({ reserved: 5, inDoubt: 5, reservations: { open: 1, inDoubt: 1 } });
    await env.sleep('30 days');
    expect(await view()).toMatchObject({ reserved: 5, inDoubt: 5 });
    expect(asked.length).toBeGreaterThan(before);
    expect(asked.slice(before).every((runs) => runs.join() === 'open')).toBe(true);
  } finally {
    await close();
  }
});

test('reservations, what was posted and the changes of the limit go on in a new run, and a retry is granted once', async () => {
  const { budget, reserve, view, close } = await openBudget(() => [], 5);
  try {
    const first = (await budget.describe()).runId;
    for (let index = 0; index < 12; index += 1) await reserve(`run-${index}`);
    // The engine has forgotten the update of the first run; the budget has not.
    expect(await reserve('run-0')).toBe(5);
    await budget.signal(budgetMessages.settle, {
      budget: 'shop',
      run: 'run-1',
      runId: 'run-1',
      endedAtMs: Date.now() + 1_000_000_000,
      post: 7,
      inDoubt: 'rest',
    });
    expect(await view()).toMatchObject({ reserved: 55, posted: 7, overrun: 2, left: 38 });
    expect((await view())?.changes).toMatchObject([{ by: 'a test', why: 'to see', limit: 100 }]);
    expect((await budget.describe()).runId).not.toBe(first);
  } finally {
    await close();
  }
});

test('a malformed message changes nothing, and fails no task', async () => {
  const { budget, reserve, view, close } = await openBudget(() => []);
  try {
    for (const junk of [undefined, null, 'x', {}, { limit: -1 }, { run: 1 }]) {
      for (const name of ['setBudget', 'releaseCredits', 'settleCredits', 'budgetExceeded', 'postAudited'])
        await budget.signal(name, junk);
      await expect(budget.executeUpdate(budgetMessages.reserve, { args: [junk as never] })).rejects.toThrow(
        'Update failed',
      );
    }
    expect(await reserve('run-1')).toBe(5);
    expect(await view()).toMatchObject({ limit: 100, reserved: 5, posted: 0 });
  } finally {
    await close();
  }
});

import { expect, test } from 'vitest';
import type { BudgetView } from '../../src/render/budget.js';
import { BUDGET, budgetMessages, resolveUpdate } from '../../src/workflows/messages.js';
import { LOST, VIDEO } from '../support/scripted-provider.js';
import { scriptedStage, stateOf } from '../support/scripted-stage.js';

const stage = scriptedStage();

/** A movie of unknown price reserves 60 credits. */
const MOVIE = { scenes: [] };
const HELD = 60;
const SPENT = Math.ceil(VIDEO.durationSeconds ?? 0);

/** A render whose first reply was lost, and that a person has sent again. */
async function sentAgain(
  force: boolean,
): Promise<{ readonly while: BudgetView; readonly after: BudgetView }> {
  const { client } = stage.time.env;
  const id = 'renderonce.budget:shop';
  const setting = { limit: 1_000, per: 'total', by: 'a test', why: 'to see' } as const;
  await client.workflow.start(BUDGET, { workflowId: id, taskQueue: 'renderonce', args: [{}] });
  const budget = client.workflow.getHandle(id);
  await budget.signal(budgetMessages.set, setting);
  const view = async (): Promise<BudgetView> => {
    const found = await budget.query(budgetMessages.view, await stage.time.env.currentTimeMs());
    if (found === undefined) throw new Error('there is no budget');
    return found;
  };
  // Without a witness an absence proves nothing, and the first movie may have been paid for.
  if (force) stage.provider.witness = undefined;
  stage.provider.script.push(() => LOST);
  const render = await stage.time.start(MOVIE, { resubmissions: 0, budget: 'shop' });
  await stage.time.env.sleep('20 minutes');
  expect(await stateOf(render)).toBe('held');
  expect(await view()).toMatchObject({ reserved: HELD, posted: 0, inDoubt: 0 });
  const decision = { action: 'resubmit', by: 'anna', why: 'a test', force } as const;
  await render.executeUpdate(resolveUpdate, { args: [decision] });
  await stage.time.env.sleep('2 seconds');
  const during = await view();
  await render.result();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(stage.provider.posts).toHaveLength(2);
  return { while: during, after: await view() };
}

test('a movie that is sent again by force is reserved twice, and the first stays in doubt after the second is posted', async () => {
  const { while: during, after } = await sentAgain(true);
  expect(during.reserved + during.posted + during.inDoubt).toBeGreaterThanOrEqual(HELD + SPENT);
  expect(after).toMatchObject({ reserved: 0, posted: SPENT, inDoubt: HELD });
});

test('a movie that is sent again because the first is surely absent is reserved and posted once', async () => {
  const { after } = await sentAgain(false);
  expect(after).toMatchObject({ reserved: 0, posted: SPENT, inDoubt: 0 });
});

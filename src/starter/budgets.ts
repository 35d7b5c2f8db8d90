import type { Client } from '@temporalio/client';
import { assertBudgetName, type BudgetSetting, type BudgetView } from '../render/budget.js';
import { isSetting } from '../render/budget-messages.js';
import { EngineUnavailable, OptionsInvalid } from '../render/errors.js';
import { askEngine } from '../temporal/ask-engine.js';
import { hasBudget, listBudgetNames, readBudget, setBudgetLimit } from '../temporal/budgets.js';
import { isDeadline } from '../temporal/engine-errors.js';
import { readNoWorker } from '../temporal/task-queue.js';

/** Longest wait for a worker that answers for a budget. */
const VIEW_MS = 10_000;

/**
 * Sets the limit of a budget, and makes the budget if there is none; needs no worker. What is reserved stays reserved.
 *
 * @throws OptionsInvalid, EngineUnavailable, EngineNotSetUp
 */
export async function setBudget(
  client: Client,
  taskQueue: string,
  name: string,
  setting: BudgetSetting,
): Promise<void> {
  assertBudgetName(name);
  if (!isSetting(setting))
    throw new OptionsInvalid(
      'a budget needs a limit in whole credits, a period (day, month or total), and by whom and why it is set',
    );
  await askEngine(client, undefined, () => setBudgetLimit(client, taskQueue, name, setting));
}

/**
 * Reads a budget; returns nothing if there is none of this name.
 *
 * @throws NoWorker if no worker can answer; EngineUnavailable
 */
export async function showBudget(
  client: Client,
  taskQueue: string,
  name: string,
): Promise<BudgetView | undefined> {
  assertBudgetName(name);
  if (!(await askEngine(client, undefined, () => hasBudget(client, name)))) return undefined;
  try {
    return await askEngine(client, undefined, () => readBudget(client, name), Date.now() + VIEW_MS);
  } catch (error) {
    const isLate = error instanceof EngineUnavailable || isDeadline(error);
    if (!isLate) throw error;
    throw (await askEngine(client, undefined, () => readNoWorker(client, taskQueue))) ?? error;
  }
}

/** Reads all budgets, in the order of their names. Throws as `showBudget` does. */
export async function showBudgets(client: Client, taskQueue: string): Promise<BudgetView[]> {
  const names = await askEngine(client, undefined, () => listBudgetNames(client));
  const views: BudgetView[] = [];
  for (const name of names) {
    const view = await showBudget(client, taskQueue, name);
    if (view !== undefined) views.push(view);
  }
  return views;
}

/** Names that were there; a budget is never removed by us. */
const known = new WeakMap<Client, Set<string>>();

/** Returns true if there is a budget of this name; asks the engine until there is one. */
export async function isBudget(client: Client, name: string): Promise<boolean> {
  const names = known.get(client) ?? new Set<string>();
  known.set(client, names);
  if (names.has(name)) return true;
  const isThere = await askEngine(client, undefined, () => hasBudget(client, name));
  if (isThere) names.add(name);
  return isThere;
}

/**
 * Checks that the budget that a call names exists.
 *
 * @throws OptionsInvalid
 */
export async function requireBudget(client: Client, name: string | undefined, key: string): Promise<void> {
  if (name === undefined || (await isBudget(client, name))) return;
  throw new OptionsInvalid(`there is no budget ${name}`, { key });
}

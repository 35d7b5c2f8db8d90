import type { Client } from '@temporalio/client';
import { OptionsInvalid } from '../render/errors.js';
import { isBudget } from '../starter/budgets.js';
import type { Caller } from './caller.js';

/**
 * Returns the budget that pays for a caller's render: for a tenant the one that bears its name, if there is one.
 *
 * @throws OptionsInvalid if a tenant names a budget
 */
export async function budgetOf(
  client: Client,
  { tenant }: Caller,
  asked: string | undefined,
): Promise<string | undefined> {
  if (tenant === undefined) return asked;
  if (asked !== undefined)
    throw new OptionsInvalid('budget may not be passed: the budget of the tenant pays');
  return (await isBudget(client, tenant)) ? tenant : undefined;
}

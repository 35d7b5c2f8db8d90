import { log } from '@temporalio/workflow';
import type { BudgetView } from '../render/budget.js';
import { budgetMetrics } from './run-metrics.js';
import { announceBudget } from './start-after.js';

/**
 * Reports that a window of a budget has reached its soft limit, or denied credits; called once in each window. Resolves when
 * the workflow that sends the event has started. Never rejects.
 */
export function reportBudget(
  type: 'budget.soft_exceeded' | 'budget.exceeded',
  { name, limit, left, window }: BudgetView,
): Promise<void> {
  log.warn(type, { budget: name, limit, left });
  budgetMetrics.reported(name, type);
  return announceBudget(type, {
    budget: name,
    limit,
    left,
    ...(window.end === null ? {} : { window: window.start }),
  });
}

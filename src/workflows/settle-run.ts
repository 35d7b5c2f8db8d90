import { ActivityFailure, log, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Settlement } from '../render/budget.js';
import { messageOf } from '../text/text.js';
import { checksQueueOf } from './messages.js';

/** Tells a budget that a run has ended. If that fails, the budget finds it out by itself. */
export async function settleRun(settlement: Settlement): Promise<void> {
  const activities = proxyActivities<Activities>({
    taskQueue: checksQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '20s',
    scheduleToCloseTimeout: '1 hour',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' },
    summary: `Settle the credits of budget ${settlement.budget}`,
  });
  try {
    await activities.settleRun(settlement);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    log.warn('a budget was not told of an end', { budget: settlement.budget, error: messageOf(error.cause) });
  }
}

import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import type { Settlement } from '../render/budget.js';
import { messageOf } from '../text/text.js';
import { BUDGET_ID_PREFIX, budgetMessages } from './messages.js';

/**
 * Tells a budget that a run has ended. The engine itself delivers the signal, so this takes no activity. A budget that is not
 * told finds it out by itself.
 */
export async function settleRun(settlement: Settlement): Promise<void> {
  const { budget } = settlement;
  try {
    await getExternalWorkflowHandle(`${BUDGET_ID_PREFIX}${budget}`).signal(budgetMessages.settle, settlement);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a budget was not told of an end', { budget, error: messageOf(error) });
  }
}

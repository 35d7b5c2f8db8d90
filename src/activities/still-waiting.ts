import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/**
 * The failure by which an activity asks the engine to repeat it: not an error but a status. Benign, so that logs and
 * metrics stay quiet, and without a stack for the UI to show.
 */
export function stillWaiting(message: string, nextRetryDelayMs: number): ApplicationFailure {
  const failure = ApplicationFailure.create({
    message,
    type: 'StillWaiting',
    category: ApplicationFailureCategory.BENIGN,
    nextRetryDelay: nextRetryDelayMs,
  });
  failure.stack = '';
  return failure;
}

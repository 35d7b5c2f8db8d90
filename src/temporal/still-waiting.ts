import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/**
 * Returns the failure with which an activity asks the engine to repeat it. It is a status, not an error: benign, so that
 * logs and metrics do not count it, and without a stack, which the UI would show.
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

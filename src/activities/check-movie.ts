import { activityInfo } from '@temporalio/activity';
import type { Reading } from '../render/reading.js';
import { type CheckPlan, firstDelayMs, nextCheck } from '../render/waiting.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from './still-waiting.js';

export interface CheckMovieRequest {
  readonly project: string;
  readonly plan: CheckPlan;
}

/**
 * Asks the provider until it has something to tell, by failing retryably while it has not: the engine repeats it without
 * a line of history, and its UI shows the last failure, which is the provider's status. The first attempt asks
 * nothing and only sets the first delay. Time is the engine's, since a worker's clock may be off.
 */
export function createCheckMovie({ json2video }: ActivityDependencies) {
  return async function checkMovie({ project, plan }: CheckMovieRequest): Promise<Reading> {
    const { attempt, scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
    if (attempt === 1) throw stillWaiting('the first check follows', firstDelayMs(plan));
    const reading = await json2video.read(project);
    const elapsedMs = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
    const next = nextCheck(reading, plan, { attempt, elapsedMs });
    if (next.do === 'return') return reading;
    throw stillWaiting(next.message, next.afterMs);
  };
}

export interface ConfirmMovieRequest {
  readonly project: string;
  /** Short where the GET runs within a workflow task. */
  readonly timeoutMs?: number;
}

/** Asks the provider once. A reply that says nothing is a failure here, so that the caller can choose when to ask again. */
export function createConfirmMovie({ json2video }: ActivityDependencies) {
  return async function confirmMovie({ project, timeoutMs }: ConfirmMovieRequest): Promise<Reading> {
    const reading = await json2video.read(project, timeoutMs);
    if (reading.says === 'unreadable') throw new Error(reading.message);
    return reading;
  };
}

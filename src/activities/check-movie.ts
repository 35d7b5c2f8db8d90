import { activityInfo } from '@temporalio/activity';
import { checkDelayMs } from '../render/cadence.js';
import { describeReading, type Reading } from '../render/reading.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from './still-waiting.js';

export interface CheckMovieRequest {
  readonly project: string;
  readonly pollSeconds: number;
}

/**
 * Asks the provider until the render has ended, by failing retryably while it has not: the engine repeats it without
 * a line of history, and its UI shows the last failure, which is the provider's status. The first attempt asks
 * nothing and only sets the first delay, since no render is done in the moment of its acceptance.
 */
export function createCheckMovie({ json2video }: ActivityDependencies) {
  return async function checkMovie({ project, pollSeconds }: CheckMovieRequest): Promise<Reading> {
    const { attempt } = activityInfo();
    const delayMs = checkDelayMs(attempt, pollSeconds);
    if (attempt === 1) throw stillWaiting('accepted; the first check follows', delayMs);
    const reading = await json2video.read(project);
    if (reading.says === 'done' || reading.says === 'error') return reading;
    throw stillWaiting(describeReading(reading), delayMs);
  };
}

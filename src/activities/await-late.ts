import { activityInfo } from '@temporalio/activity';
import type { Video } from '../render/reading.js';
import { describeReading } from '../render/reading.js';
import { readFor } from './check-movie.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from './still-waiting.js';

const HOUR_MS = 3_600_000;

interface AwaitLateRequest {
  readonly project: string;
  /** The account that holds it, if the engine knows. */
  readonly account?: string | undefined;
}

/**
 * Creates the activity that asks once an hour for the video of a render that timed out. It fails retryably until the
 * render has ended at the provider, so that a week adds nothing to the history.
 */
export function createAwaitLate({ json2video }: ActivityDependencies) {
  return async function awaitLate({
    project,
    account,
  }: AwaitLateRequest): Promise<{ readonly video?: Video }> {
    if (activityInfo().attempt === 1) throw stillWaiting('the first question follows', HOUR_MS);
    const reading = await readFor(account, json2video, project);
    if (reading.says === 'done') return { video: reading.video };
    throw stillWaiting(describeReading(reading), HOUR_MS);
  };
}

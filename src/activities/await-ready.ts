import { activityInfo } from '@temporalio/activity';
import type { ActivityResults } from '../render/activity-results.js';
import { PROBED_CAUSES } from '../render/submission.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from './still-waiting.js';

/** Pause between two probes. */
const PROBE_PAUSE_MS = 300_000;

interface AwaitReadyRequest {
  /** The cause of the refusal, one of `PROBED_CAUSES`. */
  readonly waitingFor: string;
}

/**
 * Creates the activity that probes the account until the cause of a refusal has gone. It never sends a movie. It fails
 * retryably until then, so that weeks add nothing to the history.
 */
export function createAwaitReady({ json2video }: ActivityDependencies) {
  return async function awaitReady({
    waitingFor,
  }: AwaitReadyRequest): Promise<ActivityResults['awaitReady']> {
    if (activityInfo().attempt === 1) throw stillWaiting('the first probe follows', PROBE_PAUSE_MS);
    const { says, message } = await json2video.probe();
    // Without a clear answer, and if another cause has come, the next submission tells.
    const isReached = waitingFor === PROBED_CAUSES.connection && says !== 'unreachable';
    if (isReached || says === 'accepted' || says === 'unclear') return { message };
    throw stillWaiting(`still waiting for ${waitingFor}: ${message}`, PROBE_PAUSE_MS);
  };
}

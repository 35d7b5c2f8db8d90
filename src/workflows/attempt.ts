import {
  ActivityCancellationType,
  ActivityFailure,
  isCancellation,
  log,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { isJsonObject } from '../text/json.js';
import { latestPostEndMs } from '../render/look-times.js';
import { classifySubmission, type Submission } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { messageOf } from '../text/text.js';
import type { Render } from './render.js';

/** One attempt to submit, as the engine recorded it. */
export interface Attempt {
  readonly submission: Submission;
  readonly webhook: boolean;
  /** No byte of this attempt's POST can reach the provider after this time of the engine's clock. */
  readonly latestPostEndMs: number;
}

/** Makes one attempt. `lookedInRun` is the run that made the look before it. */
export async function submitOnce(
  { options, display }: Render,
  lookedInRun: string | undefined,
): Promise<Attempt> {
  const startToCloseMs = options.submitTimeoutSeconds * 1_000;
  const { heartbeatMs } = submitBudget(startToCloseMs);
  const { submitMovie } = proxyActivities<Activities>({
    startToCloseTimeout: startToCloseMs,
    heartbeatTimeout: heartbeatMs,
    retry: { maximumAttempts: 1 },
    // The default would be TRY_CANCEL, which drops the result of a POST that was accepted.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    // A movie goes first where the engine limits the rate; checks have its default, 3.
    priority: { priorityKey: 1 },
    summary: `Send the movie to the provider, submission ${display.attempts}`,
  });
  const attempt = (submission: Submission, lastedAtLeastMs: number, webhook = false): Attempt => ({
    submission,
    webhook,
    latestPostEndMs: latestPostEndMs({ endedAtMs: Date.now(), lastedAtLeastMs, startToCloseMs }),
  });
  try {
    const { submission, elapsedMs, webhook } = await submitMovie(
      lookedInRun === undefined ? {} : { lookedInRun },
    );
    return attempt(submission, elapsedMs, webhook);
  } catch (error) {
    // The call itself threw: it was cancelled before it was scheduled, and there is no attempt.
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (!(cause instanceof TimeoutFailure)) {
      log.warn('a submit attempt failed', { error: messageOf(cause) });
      const message = isCancellation(cause) ? 'cancelled, perhaps while sending' : messageOf(cause);
      return attempt(classifySubmission({ from: 'failure', message }), 0);
    }
    const details: unknown = cause.lastHeartbeatDetails;
    const sending = isJsonObject(details) && details['sending'] === true;
    const lasted = cause.timeoutType === 'HEARTBEAT' ? heartbeatMs : startToCloseMs;
    return attempt(classifySubmission({ from: 'timeout', sending }), lasted);
  }
}

import {
  ActivityCancellationType,
  ActivityFailure,
  isCancellation,
  log,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import { UNKNOWN_ACCOUNT } from '../render/account.js';
import type { LookFirst, LookStamp, SubmitHeartbeat } from '../render/activity-results.js';
import { latestPostEndMs } from '../render/look-times.js';
import { classifySubmission, type Submission } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { membersOf } from '../text/json.js';
import { messageOf } from '../text/text.js';
import type { Render } from './render.js';

/** One attempt to submit, as the engine recorded it. */
export interface Attempt {
  readonly submission: Submission;
  readonly webhook: boolean;
  /** The account that may hold the movie. */
  readonly account: string;
  readonly lookFirst?: LookFirst | undefined;
  /** No byte of this attempt's POST can reach the provider after this time of the engine's clock. */
  readonly latestPostEndMs: number;
}

/** Makes one attempt. `looked` is the look on whose word it may send. */
export async function submitOnce(
  { options, display }: Render,
  looked: LookStamp | undefined,
): Promise<Attempt> {
  const startToCloseMs = options.submitTimeoutSeconds * 1_000;
  const { heartbeatMs } = submitBudget(startToCloseMs);
  const { submitMovie } = proxyActivities<Activities>({
    startToCloseTimeout: startToCloseMs,
    heartbeatTimeout: heartbeatMs,
    retry: { maximumAttempts: 1 },
    // The default would be TRY_CANCEL, which drops the result of a POST that was accepted.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `Send the movie to the provider, submission ${display.attempts}`,
  });
  const attempt = (submission: Submission, lastedAtLeastMs: number, account: string) => ({
    submission,
    webhook: false,
    account,
    latestPostEndMs: latestPostEndMs({ endedAtMs: Date.now(), lastedAtLeastMs, startToCloseMs }),
  });
  try {
    const result = await submitMovie(looked === undefined ? {} : { looked });
    const { submission, elapsedMs, webhook, account, lookFirst, remark } = result;
    if (remark !== undefined) display.remarked(remark);
    return { ...attempt(submission, elapsedMs, account), webhook, lookFirst };
  } catch (error) {
    // The call itself threw: it was cancelled before it was scheduled, and there is no attempt.
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    if (!(cause instanceof TimeoutFailure)) {
      log.warn('a submit attempt failed', { error: messageOf(cause) });
      const message = isCancellation(cause) ? 'cancelled, perhaps while sending' : messageOf(cause);
      const details = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
      return attempt(classifySubmission({ from: 'failure', message }), 0, accountIn(details));
    }
    const heartbeat: unknown = cause.lastHeartbeatDetails;
    const sending = membersOf<SubmitHeartbeat>(heartbeat).sending === true;
    const lasted = cause.timeoutType === 'HEARTBEAT' ? heartbeatMs : startToCloseMs;
    return attempt(classifySubmission({ from: 'timeout', sending }), lasted, accountIn(heartbeat));
  }
}

/** Returns the account that a heartbeat or a failure names. */
function accountIn(details: unknown): string {
  const { account } = membersOf<SubmitHeartbeat>(details);
  return typeof account === 'string' ? account : UNKNOWN_ACCOUNT;
}

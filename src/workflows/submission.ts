import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  proxyActivities,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { isJsonObject } from '../render/json.js';
import { OptionsInvalid } from '../render/errors.js';
import { parseOptions, type RenderOptions } from '../render/options.js';
import type { RenderRequest } from '../render/request.js';
import { classifySubmission, refusedDelayMs, type Submission } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { messageOf } from '../render/text.js';
import type { RenderDisplay } from './render-state.js';

/** How the submitting of a movie ended for good. */
export type SubmissionEnd =
  | Extract<Submission, { end: 'accepted' | 'rejected' }>
  | { readonly end: 'abandoned' | 'cancelled'; readonly message: string };

/**
 * Submits the movie until its end is known. A refusal is tried again with growing waits; a submission whose end is
 * unknown is held, and nothing more is sent. Never throws: a cancel is an end too.
 */
export async function settleSubmission(
  given: RenderRequest['options'],
  display: RenderDisplay,
): Promise<SubmissionEnd> {
  try {
    return await submitUntilSettled(parseOptions(given), display);
  } catch (error) {
    if (isCancellation(error)) return { end: 'cancelled', message: 'cancelled before anything was sent' };
    if (error instanceof OptionsInvalid) return { end: 'rejected', message: error.message };
    throw error;
  }
}

async function submitUntilSettled(options: RenderOptions, display: RenderDisplay): Promise<SubmissionEnd> {
  const sinceMs = Date.now();
  for (let refusals = 1; ; refusals += 1) {
    const submission = await submit(options, display.nextAttempt(refusals === 1 ? 'submitting' : 'waiting'));
    if (submission.end === 'accepted' || submission.end === 'rejected') return submission;
    if (submission.end === 'unknown') return await hold(submission.message, display);

    const delayMs = refusedDelayMs(refusals, submission.retryAfterMs);
    if (Date.now() + delayMs - sinceMs > options.submitPatienceSeconds * 1_000)
      return outOfPatience(submission);
    const awaited = `${submission.waitingFor}, since ${isoOf(sinceMs)}; next try at ${isoOf(Date.now() + delayMs)}`;
    display.show('waiting', { message: submission.message, awaited });
    await sleep(delayMs, { summary: `waiting for ${submission.waitingFor}` });
  }
}

async function submit(options: RenderOptions, attempt: number): Promise<Submission> {
  const startToCloseMs = options.submitTimeoutSeconds * 1_000;
  const { submitMovie } = proxyActivities<Activities>({
    startToCloseTimeout: startToCloseMs,
    heartbeatTimeout: submitBudget(startToCloseMs).heartbeatMs,
    retry: { maximumAttempts: 1 },
    // The default would be TRY_CANCEL, which drops the result of a POST that was accepted.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `POST the movie, submission ${attempt}`,
  });
  try {
    const { submission } = await submitMovie();
    return submission;
  } catch (error) {
    return submissionOfFailure(error);
  }
}

/** What the engine's record of a failed attempt tells. */
function submissionOfFailure(error: unknown): Submission {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) {
    const details: unknown = cause.lastHeartbeatDetails;
    return classifySubmission({
      from: 'timeout',
      sending: isJsonObject(details) && details['sending'] === true,
    });
  }
  // Cancelled before it was ever scheduled: the call itself threw, and no activity exists.
  if (!(error instanceof ActivityFailure) && isCancellation(error)) throw error;
  log.warn('a submit attempt failed', { error: messageOf(cause) });
  return classifySubmission({ from: 'failure', message: messageOf(cause) });
}

function outOfPatience(refused: Extract<Submission, { end: 'refused' }>): SubmissionEnd {
  return {
    end: 'rejected',
    message: `gave up waiting for ${refused.waitingFor}: ${refused.message}`,
    ...(refused.httpStatus === undefined ? {} : { httpStatus: refused.httpStatus }),
  };
}

/** Keeps the key while nobody knows whether the provider took the movie; only a cancel ends it. */
async function hold(message: string, display: RenderDisplay): Promise<SubmissionEnd> {
  display.show('held', { message, awaited: 'a person; nothing more is sent under this key' });
  if (!CancellationScope.current().consideredCancelled) await condition(() => false).catch(() => undefined);
  return {
    end: 'abandoned',
    message: `given up while it was unknown whether the movie was accepted: ${message}`,
  };
}

function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

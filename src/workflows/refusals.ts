import {
  ActivityCancellationType,
  ActivityFailure,
  isCancellation,
  log,
  proxyActivities,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import { ApplicationFailure } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import { UNKNOWN_ACCOUNT } from '../render/account.js';
import type { ActivityResults, LookFirst, LookStamp, SubmitHeartbeat } from '../render/activity-results.js';
import { latestPostEndMs } from '../render/look-times.js';
import { nextTry } from '../render/refusal.js';
import { classifySubmission, type Submission } from '../render/submission.js';
import { submitBudget } from '../render/submit-budget.js';
import { membersOf } from '../text/json.js';
import { messageOf } from '../text/text.js';
import { isoOf } from '../text/time.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';

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

type Refused = Extract<Submission, { end: 'refused' }>;

/** A look that a submission rests on, and the account of an earlier submission that is still in doubt. */
interface Before {
  readonly looked: LookStamp | undefined;
  readonly accountInDoubt: string | null;
}

/** Submits the movie until it is no longer refused. Turns a refusal into a rejection when patience runs out. */
export async function submitUntilTaken(
  render: Render,
  { looked, accountInDoubt }: Before,
): Promise<Attempt & { readonly submission: Exclude<Submission, Refused> }> {
  const sinceMs = Date.now();
  for (let refusals = 0; ;) {
    render.display.nextAttempt(refusals === 0 ? 'submitting' : 'waiting', accountInDoubt);
    const attempt = await makeAttempt(render, looked);
    const { submission } = attempt;
    metrics.submitted(submission.end);
    if (submission.end !== 'refused') return { ...attempt, submission };
    refusals += 1;
    const goesOn = await untilNextTry(render, submission, refusals, sinceMs);
    if (!goesOn) return { ...attempt, submission: rejectionOf(submission) };
  }
}

/** Waits until the next try is due. Returns false if patience runs out before that. */
async function untilNextTry(
  render: Render,
  refused: Refused,
  count: number,
  sinceMs: number,
): Promise<boolean> {
  const { message, waitingFor } = refused;
  const patienceMs = render.options.submitPatienceSeconds * 1_000;
  const next = nextTry(refused, { count, waitedMs: Date.now() - sinceMs, patienceMs });
  if (next.do === 'give up') return false;
  const untilMs = sinceMs + patienceMs;
  const until = `it waits for ${waitingFor} since ${isoOf(sinceMs)}, until ${isoOf(untilMs)} at the latest`;
  if (next.do === 'probe') {
    render.display.show('waiting', {
      message,
      awaited: `a probe at least every 5 minutes, then the next try; ${until}`,
    });
    return isReady(render, refused, untilMs);
  }
  const nextAt = isoOf(Date.now() + next.delayMs);
  render.display.show('waiting', { message, awaited: `the next try, at ${nextAt}; ${until}` });
  await sleep(next.delayMs, { summary: `Wait for ${waitingFor}` });
  return true;
}

/** Waits until a probe finds that the cause has gone; one activity, since its repetitions leave no history. */
async function isReady(
  { checksQueue }: Render,
  { waitingFor, budget }: Refused,
  untilMs: number,
): Promise<boolean> {
  const { awaitReady } = proxyActivities<Activities>({
    taskQueue: checksQueue,
    startToCloseTimeout: '40s',
    scheduleToCloseTimeout: Math.max(1, untilMs - Date.now()),
    retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
    summary:
      budget === undefined
        ? `Ask the provider about the account, which waits for ${waitingFor}`
        : `Ask ${waitingFor} if it has the credits`,
  });
  return awaitReady({ waitingFor, ...(budget === undefined ? {} : { budget }) }).then(
    () => true,
    (error: unknown) => {
      if (isCancellation(error)) throw error;
      return false;
    },
  );
}

function rejectionOf(refused: Refused): Extract<Submission, { end: 'rejected' }> {
  return {
    end: 'rejected',
    message: `gave up waiting for ${refused.waitingFor}: ${refused.message}`,
    ...(refused.httpStatus === undefined ? {} : { httpStatus: refused.httpStatus }),
    ...(refused.budget === undefined || refused.budget.needs === 0
      ? {}
      : { code: 'BudgetExceeded', budget: refused.budget.name }),
  };
}

/** Makes one attempt. `looked` is the look on whose word it may send. */
async function makeAttempt(render: Render, looked: LookStamp | undefined): Promise<Attempt> {
  const { options, display, spending } = render;
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
    const result = await submitMovie(requestOf(looked, display.attempts, spending));
    noteResult(render, result);
    const { submission, elapsedMs, webhook, account, lookFirst } = result;
    return { ...attempt(submission, elapsedMs, account), webhook, lookFirst };
  } catch (error) {
    // The call itself threw: it was cancelled before it was scheduled, and there is no attempt.
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    const details = detailsIn(cause);
    spending.note(details);
    if (!(cause instanceof TimeoutFailure)) {
      log.warn('a submit attempt failed', { error: messageOf(cause) });
      const message = isCancellation(cause) ? 'cancelled, perhaps while sending' : messageOf(cause);
      return attempt(classifySubmission({ from: 'failure', message }), 0, accountIn(details));
    }
    const sending = membersOf<SubmitHeartbeat>(details).sending === true;
    if (!sending) spending.fellSilent(options.budget);
    const lasted = cause.timeoutType === 'HEARTBEAT' ? heartbeatMs : startToCloseMs;
    return attempt(classifySubmission({ from: 'timeout', sending }), lasted, accountIn(details));
  }
}

/** Returns the last heartbeat of an attempt that fell silent, or the details of its failure. */
function detailsIn(cause: Error | undefined): unknown {
  if (cause instanceof TimeoutFailure) return cause.lastHeartbeatDetails;
  return cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
}

function noteResult({ display, following, spending }: Render, result: ActivityResults['submitMovie']): void {
  following.submitted(result);
  spending.note(result);
  if (result.remark !== undefined) display.remarked(result.remark);
}

/** Returns the argument of a submission. Most are the first, need no look, and are the only one that may be paid. */
function requestOf(looked: LookStamp | undefined, number: number, { doubts, mayHold }: Render['spending']) {
  return {
    ...(looked === undefined ? {} : { looked }),
    ...(number === 1 ? {} : { number }),
    ...(doubts === 0 ? {} : { count: doubts + 1 }),
    ...(mayHold ? { mayHold: true } : {}),
  };
}

/** Returns the account that a heartbeat or a failure names. */
function accountIn(details: unknown): string {
  const { account } = membersOf<SubmitHeartbeat>(details);
  return typeof account === 'string' ? account : UNKNOWN_ACCOUNT;
}

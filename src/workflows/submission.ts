import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { refusedDelayMs, type Submission } from '../render/submission.js';
import { submitOnce } from './attempt.js';
import { type Absent, hold, settleDoubt } from './doubt.js';
import { endOf, look } from './look.js';
import type { Render } from './render.js';
import { isoOf } from './time.js';

/** How the submitting of a movie ended for good. */
export type SubmissionEnd =
  /**
   * `webhook`: whether the provider was asked to report the end. `adopted`: found after a doubt, so that the report may
   * already have come and gone.
   */
  | (Extract<Submission, { end: 'accepted' }> & { readonly webhook: boolean; readonly adopted?: boolean })
  | Extract<Submission, { end: 'rejected' }>
  | { readonly end: 'abandoned' | 'cancelled' | 'reused'; readonly message: string };

type Refused = Extract<Submission, { end: 'refused' }>;

/**
 * Submits the movie until its end is known: a refusal is tried again with growing waits, a doubt is settled before
 * anything is sent again. Never throws: a cancel is an end too.
 */
export async function settleSubmission(render: Render): Promise<SubmissionEnd> {
  try {
    const before = await lookBeforeSending(render);
    return before.end === 'absent' ? await submitUntilSettled(render, before.lookedInRun) : before;
  } catch (error) {
    if (isCancellation(error)) return { end: 'cancelled', message: 'cancelled before anything was accepted' };
    throw error;
  }
}

/** After a run that may have sent something: nothing is sent before the provider's list was read, late enough. */
async function lookBeforeSending(
  render: Render,
): Promise<SubmissionEnd | Absent | { end: 'absent'; lookedInRun: undefined }> {
  const { lookFrom, lookUntil } = render.options;
  if (lookFrom === undefined) return { end: 'absent', lookedInRun: undefined };
  const untilMs = lookUntil === undefined ? 0 : Date.parse(lookUntil);
  for (;;) {
    const madeAtMs = Date.now();
    const seen = await look(render, 'before the first submission');
    const settled = endOf(seen);
    if (settled !== undefined) return settled;
    if (madeAtMs >= untilMs) return { end: 'absent', lookedInRun: seen.runId };
    const awaited = `${isoOf(untilMs)}, when nothing of the run before can turn up any more`;
    render.display.show('submitting', { message: "not in the provider's list so far", awaited });
    await sleep(untilMs - Date.now(), { summary: 'until the run before is settled' });
  }
}

async function submitUntilSettled(render: Render, lookedBefore: string | undefined): Promise<SubmissionEnd> {
  const { options, display } = render;
  let lookedInRun = lookedBefore;
  let resubmissions = options.resubmissions;
  let refusals = 0;
  let sinceMs = Date.now();
  for (;;) {
    display.nextAttempt(refusals === 0 ? 'submitting' : 'waiting');
    const attempt = await submitOnce(render, lookedInRun);
    const { submission } = attempt;
    if (submission.end === 'accepted') return { ...submission, webhook: attempt.webhook };
    if (submission.end === 'rejected') return submission;
    if (submission.end === 'refused') {
      refusals += 1;
      const isOver = await waitAfterRefusal(render, submission, refusals, sinceMs);
      if (isOver) return outOfPatience(submission);
      continue;
    }
    const settled = await settleDoubt(render, attempt, submission.message);
    if (settled.end !== 'absent') return settled;
    if (CancellationScope.current().consideredCancelled) {
      return { end: 'cancelled', message: 'cancelled; the movie did not turn up at the provider' };
    }
    if (resubmissions === 0) return hold(render, `${submission.message}; the movie did not turn up`);
    resubmissions -= 1;
    lookedInRun = settled.lookedInRun;
    refusals = 0;
    sinceMs = Date.now();
  }
}

/** Waits until the next try is due; true when patience would be over by then. */
async function waitAfterRefusal(
  render: Render,
  refused: Refused,
  refusals: number,
  sinceMs: number,
): Promise<boolean> {
  const delayMs = refusedDelayMs(refusals, refused.retryAfterMs);
  const nextMs = Date.now() + delayMs;
  if (nextMs - sinceMs > render.options.submitPatienceSeconds * 1_000) return true;
  const awaited = `${refused.waitingFor}, since ${isoOf(sinceMs)}; next try at ${isoOf(nextMs)}`;
  render.display.show('waiting', { message: refused.message, awaited });
  await sleep(delayMs, { summary: `waiting for ${refused.waitingFor}` });
  return false;
}

function outOfPatience(refused: Refused): SubmissionEnd {
  return {
    end: 'rejected',
    message: `gave up waiting for ${refused.waitingFor}: ${refused.message}`,
    ...(refused.httpStatus === undefined ? {} : { httpStatus: refused.httpStatus }),
  };
}

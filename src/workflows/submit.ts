import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { refusedDelayMs, type Submission } from '../render/submission.js';
import { type Attempt, submitOnce } from './attempt.js';
import { isoOf } from '../text/time.js';
import { hold, settleDoubt } from './doubt.js';
import type { DoubtEnd, SubmissionEnd } from './ends.js';
import { endOf, look } from './look.js';
import type { Render } from './render.js';
import { metrics } from './run-metrics.js';

type Refused = Extract<Submission, { end: 'refused' }>;

/**
 * Submits the movie until the end of the submission is known. Tries a refused submission again, with growing waits, and
 * settles a doubt before anything is sent again. Never throws: a cancel is an end too.
 */
export function submit(render: Render): Promise<SubmissionEnd> {
  return new Submitting(render).end();
}

class Submitting {
  readonly #render: Render;
  /** Until this time a movie that was sent, with an unknown end, may still turn up. */
  #settledAtMs = 0;
  #resubmissions: number;

  constructor(render: Render) {
    this.#render = render;
    this.#resubmissions = render.options.resubmissions;
  }

  async end(): Promise<SubmissionEnd> {
    try {
      const before = await lookBeforeSending(this.#render);
      return before.end === 'absent' ? await this.#submit(before.lookedInRun) : before;
    } catch (error) {
      if (!isCancellation(error)) throw error;
      return this.#endUnlessInDoubt({ end: 'cancelled', message: 'cancelled before anything was accepted' });
    }
  }

  async #submit(lookedBefore: string | undefined): Promise<SubmissionEnd> {
    for (let lookedInRun = lookedBefore; ;) {
      const attempt = await submitUnlessRefused(this.#render, lookedInRun);
      const { submission } = attempt;
      if (submission.end === 'accepted') return { ...submission, webhook: attempt.webhook };
      if (submission.end === 'rejected') return this.#endUnlessInDoubt(submission);
      const settleMs = this.#render.options.settleSeconds * 1_000;
      this.#settledAtMs = Math.max(this.#settledAtMs, attempt.latestPostEndMs + settleMs);
      const settled = await this.#settle(submission.message);
      if (settled.end !== 'absent') return settled;
      lookedInRun = settled.lookedInRun;
    }
  }

  /** Settles a doubt. Returns `absent` only if the movie may be sent again. */
  async #settle(message: string): Promise<DoubtEnd> {
    const settled = await settleDoubt(this.#render, this.#settledAtMs, message);
    if (settled.end !== 'absent' || settled.decided === true) return settled;
    if (CancellationScope.current().consideredCancelled) {
      return { end: 'cancelled', message: 'cancelled; the movie did not turn up at the provider' };
    }
    if (this.#resubmissions === 0) {
      return hold(this.#render, this.#settledAtMs, `${message}; the movie did not turn up`);
    }
    this.#resubmissions -= 1;
    return settled;
  }

  /** Returns the end of the last attempt, unless the movie of an earlier one, still in doubt, turns up after all. */
  async #endUnlessInDoubt(end: Exclude<SubmissionEnd, { end: 'accepted' }>): Promise<SubmissionEnd> {
    if (Date.now() >= this.#settledAtMs) return end;
    const settled = await settleDoubt(
      this.#render,
      this.#settledAtMs,
      `an earlier submission is in doubt; ${end.message}`,
    );
    return settled.end === 'absent' ? end : settled;
  }
}

/** Reads the provider's list, late enough, before anything is sent after a run that may have sent something. */
async function lookBeforeSending(
  render: Render,
): Promise<DoubtEnd | { end: 'absent'; lookedInRun: undefined }> {
  const { lookFrom, lookUntil } = render.options;
  if (lookFrom === undefined) return { end: 'absent', lookedInRun: undefined };
  const untilMs = lookUntil === undefined ? 0 : Date.parse(lookUntil);
  for (;;) {
    const madeAtMs = Date.now();
    const seen = await look(render, 'before the first submission');
    const settled = endOf(seen);
    if (settled !== undefined) return settled;
    if (madeAtMs >= untilMs) return { end: 'absent', lookedInRun: seen.runId };
    const awaited = `a look at ${isoOf(untilMs)}, when no movie of the earlier run can turn up any more; then it is sent`;
    render.display.show('submitting', { message: "not in the provider's list so far", awaited });
    await sleep(untilMs - Date.now(), { summary: 'Wait until the earlier run is settled' });
  }
}

/** Submits the movie until it is no longer refused. Turns a refusal into a rejection when patience runs out. */
async function submitUnlessRefused(
  render: Render,
  lookedInRun: string | undefined,
): Promise<Attempt & { readonly submission: Exclude<Submission, Refused> }> {
  const sinceMs = Date.now();
  for (let refusals = 0; ;) {
    render.display.nextAttempt(refusals === 0 ? 'submitting' : 'waiting');
    const attempt = await submitOnce(render, lookedInRun);
    const { submission } = attempt;
    metrics.submitted(submission.end);
    if (submission.end !== 'refused') return { ...attempt, submission };
    refusals += 1;
    const isOver = await waitAfterRefusal(render, submission, refusals, sinceMs);
    if (isOver) return { ...attempt, submission: outOfPatience(submission) };
  }
}

/** Waits until the next try is due. Returns true, without a wait, if patience runs out before that. */
async function waitAfterRefusal(
  render: Render,
  refused: Refused,
  refusals: number,
  sinceMs: number,
): Promise<boolean> {
  const delayMs = refusedDelayMs(refusals, refused.retryAfterMs);
  const nextMs = Date.now() + delayMs;
  const untilMs = sinceMs + render.options.submitPatienceSeconds * 1_000;
  if (nextMs > untilMs) return true;
  const awaited = `the next try, at ${isoOf(nextMs)}; it waits for ${refused.waitingFor} since ${isoOf(sinceMs)}, until ${isoOf(untilMs)} at the latest`;
  render.display.show('waiting', { message: refused.message, awaited });
  await sleep(delayMs, { summary: `Wait for ${refused.waitingFor}` });
  return false;
}

function outOfPatience(refused: Refused): Extract<Submission, { end: 'rejected' }> {
  return {
    end: 'rejected',
    message: `gave up waiting for ${refused.waitingFor}: ${refused.message}`,
    ...(refused.httpStatus === undefined ? {} : { httpStatus: refused.httpStatus }),
  };
}

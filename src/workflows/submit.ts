import { CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import { accountOfBoth, UNKNOWN_ACCOUNT } from '../render/account.js';
import type { LookStamp } from '../render/activity-results.js';
import { earliestOf, lookSince } from '../render/look-times.js';
import { isoOf } from '../text/time.js';
import { hold, lookWithin, settleDoubt } from './doubt.js';
import type { Absent, Doubt, DoubtEnd, SubmissionEnd } from './ends.js';
import { endOf, look } from './look.js';
import { type Attempt, submitUntilTaken } from './refusals.js';
import type { Render } from './render.js';

/**
 * Submits the movie until the end of the submission is known. Tries a refused submission again, with growing waits, and
 * settles a doubt before anything is sent again. Never throws: a cancel is an end too.
 */
export function submit(render: Render): Promise<SubmissionEnd> {
  return new Submitting(render).end();
}

/** The reason why a run may not send although a look did not find the movie. */
interface Hold {
  readonly why: string;
  /** `proven`: a witnessed look lets it send. `found`: only a person does. */
  readonly until: 'found' | 'proven';
}

class Submitting {
  readonly #render: Render;
  /** Everything that was sent and may still turn up. */
  #doubt: Doubt | undefined;
  /** The look on whose word the next submission is made. */
  #looked: LookStamp | undefined;
  #resubmissions: number;

  constructor(render: Render) {
    this.#render = render;
    this.#resubmissions = render.options.resubmissions;
  }

  async end(): Promise<SubmissionEnd> {
    try {
      return (await this.#lookBefore()) ?? (await this.#submit());
    } catch (error) {
      if (!isCancellation(error)) throw error;
      return this.#endUnlessInDoubt({ end: 'cancelled', message: 'cancelled before anything was accepted' });
    }
  }

  async #submit(): Promise<SubmissionEnd> {
    for (;;) {
      const attempt = await submitUntilTaken(this.#render, {
        looked: this.#looked,
        accountInDoubt: this.#doubt === undefined ? null : UNKNOWN_ACCOUNT,
      });
      const { submission, webhook, account, lookFirst } = attempt;
      if (submission.end === 'accepted') return { ...submission, webhook, account };
      if (submission.end === 'rejected') return this.#endUnlessInDoubt(submission);
      const doubt = this.#add(attempt, submission.message);
      const settled = await settleDoubt(this.#render, doubt);
      const end = settled.end === 'absent' ? await this.#onAbsence(doubt, settled, lookFirst) : settled;
      if (end !== undefined) return end;
    }
  }

  /** Adds an attempt of unknown fate to all that is in doubt. */
  #add({ account, lookFirst, latestPostEndMs }: Attempt, message: string): Doubt {
    const before = this.#doubt;
    // What another run may have sent is paid from that run's reservation.
    const isOwn =
      lookFirst === undefined || lookFirst.needsPerson === true || lookFirst.marksSuffice === true;
    if (isOwn) this.#render.spending.doubts += 1;
    const settledAtMs = latestPostEndMs + this.#render.options.settleSeconds * 1_000;
    this.#doubt = {
      message,
      settledAtMs: Math.max(before?.settledAtMs ?? 0, settledAtMs),
      account: accountOfBoth(before?.account, lookFirst?.account ?? account),
      since: earliestOf(this.#since(), lookFirst?.since),
      marksSuffice: lookFirst?.marksSuffice,
    };
    return this.#doubt;
  }

  #since(): string {
    return lookSince(workflowInfo().startTime.getTime(), this.#render.options.lookFrom);
  }

  /** Goes on after looks in vain. Returns an end, or nothing if the movie may be sent. */
  async #onAbsence(
    doubt: Doubt,
    settled: Absent,
    lookFirst: Attempt['lookFirst'],
  ): Promise<SubmissionEnd | undefined> {
    if (this.#lets(settled)) return undefined;
    if (CancellationScope.current().consideredCancelled) {
      return { end: 'cancelled', message: 'cancelled; the movie did not turn up at the provider' };
    }
    const holding = this.#holdOn(settled, lookFirst);
    const end = holding === undefined ? settled : await hold(this.#render, doubt, holding);
    if (end.end !== 'absent') return end;
    // A submission that is only late is the run's first, not one that is repeated.
    if (!this.#lets(end) && lookFirst === undefined) this.#resubmissions -= 1;
    return undefined;
  }

  /** Keeps the look of an absence. Returns true if a person decided to send; clears the doubt if the look proves it. */
  #lets({ looked }: Absent): boolean {
    this.#looked = looked;
    if (looked.isProven === true) {
      this.#doubt = undefined;
      this.#render.spending.doubts = 0;
      this.#render.display.settled();
    }
    return looked.byPerson === true;
  }

  /** Returns why the run may not send by itself; undefined if it may. */
  #holdOn({ unproven }: Absent, lookFirst: Attempt['lookFirst']): Hold | undefined {
    if (lookFirst?.needsPerson === true) {
      return {
        why: 'the run was reset, so it does not know what it sent before, and never sends by itself',
        until: 'found',
      };
    }
    const isAllowed = lookFirst !== undefined || this.#resubmissions > 0;
    if (isAllowed && unproven === undefined) return undefined;
    return { why: unproven ?? 'the movie did not turn up', until: isAllowed ? 'proven' : 'found' };
  }

  /** Returns the end of the last attempt, unless the movie of an earlier one, still in doubt, turns up after all. */
  async #endUnlessInDoubt(end: Exclude<SubmissionEnd, { end: 'accepted' }>): Promise<SubmissionEnd> {
    if (this.#doubt === undefined) return end;
    const isRejected = end.end === 'rejected';
    const doubt = { ...this.#doubt, message: `an earlier submission is in doubt; ${end.message}` };
    let settled = await settleDoubt(this.#render, doubt, isRejected);
    if (settled.end === 'absent' && settled.unproven !== undefined && isRejected) {
      settled = await hold(this.#render, doubt, { why: settled.unproven, until: 'proven', isRejected });
    }
    if (settled.end !== 'absent') return settled;
    this.#lets(settled);
    return end;
  }

  /** Reads the provider's list, late enough, before anything is sent after a run that may have sent something. */
  async #lookBefore(): Promise<SubmissionEnd | undefined> {
    const { lookFrom, lookUntil, lookAccount = UNKNOWN_ACCOUNT } = this.#render.options;
    if (lookFrom === undefined) return undefined;
    const why = 'before the first submission';
    const since = this.#since();
    if (lookUntil === undefined) {
      return this.#afterFirstLook(endOf(await look(this.#render, { since, settledAtMs: 0 }, { why }), true));
    }
    const settledAtMs = Date.parse(lookUntil);
    const message = 'an earlier run of this key may have sent the movie';
    const doubt = { message, since, settledAtMs, account: lookAccount };
    for (;;) {
      const prove = Date.now() >= settledAtMs;
      const seen = await lookWithin(this.#render, doubt, { why, prove });
      if (seen.end !== 'absent') return seen;
      if (prove) return this.#afterFirstLook(seen, doubt);
      const awaited = `a look at ${isoOf(settledAtMs)}, when no movie of the earlier run can turn up any more; then it is sent`;
      this.#render.display.show('submitting', { message: "not in the provider's list so far", awaited });
      await sleep(Math.max(1, settledAtMs - Date.now()), {
        summary: 'Wait until the earlier run is settled',
      });
    }
  }

  /** Goes on after the last look before the first submission; holds the key if it must prove an absence and does not. */
  async #afterFirstLook(seen: DoubtEnd, doubt?: Doubt): Promise<SubmissionEnd | undefined> {
    if (seen.end !== 'absent') return seen;
    let last: DoubtEnd = seen;
    if (doubt !== undefined && seen.unproven !== undefined) {
      this.#doubt = doubt;
      last = await hold(this.#render, doubt, { why: seen.unproven, until: 'proven' });
      if (last.end !== 'absent') return last;
    }
    this.#lets(last);
    return undefined;
  }
}

import { describeReading, type Reading, type Video } from './reading.js';

/** End of the wait for an accepted render. */
export type Ending =
  | { readonly status: 'done'; readonly video: Video; readonly assetCredits?: number }
  | {
      readonly status: 'failed' | 'timed-out' | 'cancelled';
      readonly message: string;
      /** True if the provider may have charged a failed render: its words do not say that it failed. */
      readonly mayBePaid?: true;
    };

/** Kinds of suspect readings: they may pass, so each is believed only if it lasts. */
export type Suspect = Extract<Reading['says'], 'error' | 'gone' | 'missing'>;

/** Meaning of one reading for the wait. */
type Verdict =
  | { readonly is: 'rendering' }
  | { readonly is: 'suspect'; readonly about: Suspect }
  | { readonly is: 'ended'; readonly ending: Ending };

/** Returns the verdict on a reading: the waiting table. */
export function verdictOf(reading: Reading): Verdict {
  switch (reading.says) {
    case 'done': {
      const { says: status, ...done } = reading;
      return { is: 'ended', ending: { status, ...done } };
    }
    case 'error':
    case 'gone':
    case 'missing':
      return { is: 'suspect', about: reading.says };
    // The provider computes a timeout and does not store it, so it may still become done.
    case 'timeout':
    case 'rendering':
    case 'unreadable':
      return { is: 'rendering' };
  }
}

/** Returns the ending that a suspect reading becomes when its grace is over. */
export function endingOf(reading: Extract<Reading, { says: Suspect }>): Ending {
  const messages = { error: reading.message, gone: 'the file is gone', missing: 'project not found' };
  const message = messages[reading.says];
  return { status: 'failed', message, ...(reading.says === 'error' ? {} : { mayBePaid: true }) };
}

/** The URL of a finished file may be late. */
const GONE_GRACE_MS = 60_000;
/** The reply for an unknown project is a leaked error that may mean anything. */
const MISSING_GRACE_MS = 600_000;

/** Returns the time that a suspect reading must last until it is believed. */
export function graceMs(about: Suspect, errorGraceSeconds: number): number {
  return { error: errorGraceSeconds * 1_000, gone: GONE_GRACE_MS, missing: MISSING_GRACE_MS }[about];
}

/** Kind of a status check, which sets its cadence. */
export type CheckPlan =
  /** From acceptance to the end; with webhooks only as a safety net. */
  | { readonly for: 'watch'; readonly pollSeconds: number; readonly webhook: boolean }
  /** After a hint that came before the provider's own status: every 5 s for a minute. */
  | { readonly for: 'hint' }
  /** While a suspect reading may still pass. */
  | { readonly for: 'suspect'; readonly about: Suspect; readonly graceMs: number };

/** Time and number of an attempt of a check, both the engine's. */
interface CheckAttempt {
  readonly attempt: number;
  /** Time since the check was scheduled. */
  readonly elapsedMs: number;
}

type NextCheck =
  { readonly do: 'return' } | { readonly do: 'repeat'; readonly afterMs: number; readonly message: string };

/** Longest pause after an unreadable status. */
const UNREADABLE_MAX_MS = 300_000;

/** The provider's documented floor between two status requests. */
const FLOOR_MS = 5_000;
const FIRST_MINUTE_MS = 60_000;
const SETTLED_POLL_MS = 10_000;
const SAFETY_FIRST_MS = 60_000;
const SAFETY_MAX_MS = 300_000;
/** The provider says `timeout` after 15 minutes. A fifteenth of the time waited is then a minute, and grows with it. */
const TIMEOUT_SHARE = 15;

/** Decides if a check returns its reading, or repeats itself and when. */
export function nextCheck(reading: Reading, plan: CheckPlan, made: CheckAttempt): NextCheck {
  const verdict = verdictOf(reading);
  const isSameSuspect =
    plan.for === 'suspect' && reading.says === plan.about && made.elapsedMs < plan.graceMs;
  const isUnreadableSuspect = plan.for === 'suspect' && reading.says === 'unreadable';
  const isStillRendering = plan.for !== 'suspect' && verdict.is === 'rendering';
  if (!isSameSuspect && !isUnreadableSuspect && !isStillRendering) return { do: 'return' };
  return { do: 'repeat', afterMs: delayMs(reading, plan, made), message: describeReading(reading) };
}

function delayMs(reading: Reading, plan: CheckPlan, made: CheckAttempt): number {
  const regular = plan.for === 'watch' ? watchDelayMs(plan, made) : FLOOR_MS;
  if (reading.says === 'unreadable') {
    return Math.min(Math.max(regular * 2, reading.retryAfterMs ?? 0), UNREADABLE_MAX_MS);
  }
  if (reading.says !== 'timeout' || plan.for !== 'watch') return regular;
  return Math.min(Math.max(made.elapsedMs / TIMEOUT_SHARE, SAFETY_FIRST_MS), SAFETY_MAX_MS);
}

/** Returns the pause of the watch: `pollSeconds`, after a minute 10 s; with webhooks 60 s, doubling to 5 min. */
function watchDelayMs(plan: Extract<CheckPlan, { for: 'watch' }>, made: CheckAttempt): number {
  if (plan.webhook) return Math.min(SAFETY_FIRST_MS * 2 ** Math.min(made.attempt - 1, 10), SAFETY_MAX_MS);
  const pollMs = plan.pollSeconds * 1_000;
  return made.elapsedMs < FIRST_MINUTE_MS ? pollMs : Math.max(pollMs, SETTLED_POLL_MS);
}

/** Returns the delay before the first GET of a check; its first attempt asks nothing. */
export function firstDelayMs(plan: CheckPlan): number {
  return plan.for === 'watch' ? watchDelayMs(plan, { attempt: 1, elapsedMs: 0 }) : FLOOR_MS;
}

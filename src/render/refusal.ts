import { PROBED_CAUSES, type Submission } from './submission.js';

/** A submission that was surely not taken. */
type Refused = Extract<Submission, { end: 'refused' }>;

/** A row of refused submissions, the last one included. */
interface Refusals {
  readonly count: number;
  /** Time since the first of these submissions began. */
  readonly waitedMs: number;
  /** `submitPatienceSeconds` in milliseconds. */
  readonly patienceMs: number;
}

/** The next step after a refusal. */
type NextTry =
  | { readonly do: 'wait'; readonly delayMs: number }
  /** Probe until the cause has gone, without history, and submit then. */
  | { readonly do: 'probe' }
  | { readonly do: 'give up' };

/** Quick tries: after their refusals the waits grow long. The nine waits between them take 9 minutes. */
const QUICK_TRIES = 10;

/** Refusals after which a probe no longer counts: it says that all is well, and the submissions are refused. */
const PROBED_TRIES = 20;

/** Each submission costs 11 events, and a run must stay under 500 in 30 days. */
const MOST_SUBMISSIONS = 36;

const QUICK_MAX_MS = 300_000;
const SLOW_MIN_MS = 600_000;
const SLOW_MAX_MS = 12 * 3_600_000;

/**
 * Returns the next step after a refusal. For a budget a probe at once, or the end if its next window is too late. Else
 * quick waits between ten tries, 1 s doubling, or up to 5 min if the provider asks for them; then a probe where one can see
 * the cause; else waits that double to 12 h, longer if the rest of the patience has more of them than the history can hold.
 */
export function nextTry(refused: Refused, { count, waitedMs, patienceMs }: Refusals): NextTry {
  const restMs = patienceMs - waitedMs;
  if (restMs <= 0 || count >= MOST_SUBMISSIONS) return { do: 'give up' };
  const { budget } = refused;
  if (budget !== undefined) {
    // Nothing is gained by a wait that ends before the budget's next window begins.
    if (budget.opensInMs === null || budget.opensInMs > restMs) return { do: 'give up' };
    if (count <= PROBED_TRIES) return { do: 'probe' };
  }
  const isProbed = Object.values<string>(PROBED_CAUSES).includes(refused.waitingFor);
  if (count >= QUICK_TRIES && count <= PROBED_TRIES && isProbed) return { do: 'probe' };
  const delayMs = count >= QUICK_TRIES ? slowDelayMs(count, restMs) : quickDelayMs(count, refused);
  return delayMs > restMs ? { do: 'give up' } : { do: 'wait', delayMs };
}

function quickDelayMs(count: number, { retryAfterMs = 0 }: Refused): number {
  return Math.min(Math.max(1_000 * 2 ** (count - 1), retryAfterMs), QUICK_MAX_MS);
}

function slowDelayMs(count: number, restMs: number): number {
  const doubled = Math.min(SLOW_MIN_MS * 2 ** (count - QUICK_TRIES), SLOW_MAX_MS);
  return Math.max(doubled, restMs / (MOST_SUBMISSIONS - count));
}

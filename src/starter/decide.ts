import { MovieRejected, RenderAbandoned, RenderCancelled, type RenderonceError } from '../render/errors.js';
import { FAILURES } from '../workflows/messages.js';
import type { CurrentRun, RunEnd } from '../temporal/current-run.js';
import type { PreparedCall } from './prepare.js';

/** What to do about a key whose newest run is closed. */
export type Decision =
  | { readonly do: 'answer'; readonly outcome: Extract<RunEnd, { outcome: unknown }>['outcome'] }
  | { readonly do: 'throw'; readonly error: RenderonceError }
  | { readonly do: 'refuse reuse' }
  /** In doubt: the run before may have sent something until shortly before its end. */
  | { readonly do: 'start again'; readonly inDoubt: boolean };

/** Callers that shared a rejected run all get its rejection, and cause no second POST, for this long after its close. */
const REJECTION_SHARED_MS = 60_000;

/**
 * The table of what a closed run means for a new call under its key. The engine's status alone says whether the key
 * is spent; the fingerprint and the caller say whether the answer is this call's.
 */
export function decideOnClosedRun(call: PreparedCall, run: CurrentRun, end: RunEnd, nowMs: number): Decision {
  if ('outcome' in end) return { do: 'answer', outcome: end.outcome };
  const about = { key: call.key };
  const closedAtMs = run.closedAt?.getTime() ?? nowMs;
  const isThisCalls = end.caller === call.caller || closedAtMs >= call.startedAtMs;
  const isShared = isThisCalls || nowMs - closedAtMs < REJECTION_SHARED_MS;

  if (run.status === 'canceled') {
    if (!isThisCalls) return { do: 'start again', inDoubt: false };
    return {
      do: 'throw',
      error: new RenderCancelled('the render was cancelled before it was accepted', about),
    };
  }
  if (run.status === 'failed' && end.failure === FAILURES.rejected) {
    if (!isShared || run.fingerprint !== call.fingerprint) return { do: 'start again', inDoubt: false };
    return { do: 'throw', error: new MovieRejected(end.message, { ...about, httpStatus: end.httpStatus }) };
  }
  if (run.status === 'failed' && end.failure === FAILURES.reused) return { do: 'refuse reuse' };
  if (call.restart) return { do: 'start again', inDoubt: true };
  return { do: 'throw', error: abandoned(run, end, about) };
}

/** A run that ended in doubt: given up by a person, or ended from outside. */
export function abandoned(run: CurrentRun, end: RunEnd, about: { readonly key: string }): RenderAbandoned {
  const how =
    run.status === 'terminated' || run.status === 'timed out'
      ? `the run was ${run.status} while it may have had an accepted movie`
      : 'failure' in end
        ? end.message
        : 'the run ended without an outcome';
  return new RenderAbandoned(how, {
    ...about,
    ...(run.project === undefined ? {} : { project: run.project }),
  });
}

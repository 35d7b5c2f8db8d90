import type { Called } from '../operators/processes.js';
import type { Done } from '../operators/perform.js';
import { type Accepted, isJson } from '../provider/movies.js';

/**
 * Returns the accepted POSTs of a key to which nobody had consented.
 *
 * A key may cost one accepted POST. The first caller consents to it by asking, and all later callers share that consent,
 * also if they bring another movie under the key.
 *
 * Two deeds consent to one more each, from the time at which they begin:
 * - **A resubmission by force.** The person knows that the movie may have been accepted, and wants it sent all the same. A
 *   resubmission without force is no consent: it means "send it if it is not there". Two answers that name the same
 *   decision are one consent. A decision that was refused, or that found the movie, is none. A decision whose answer did
 *   not arrive may have taken effect, so it counts.
 * - **A deletion, followed by a call that may have met a new key.** The person has the engine forget that the key was paid
 *   for. The deletion alone pays nothing. The call must have begun after it, or so shortly before it that it may not have
 *   seen the run. A call that has seen the run must not begin anew.
 *
 * Nothing else is a consent:
 * - `restart: true` means "start again after a run that ended in doubt". The restart pays only if the earlier runs did not:
 *   it may use the one payment, and adds none.
 * - The same holds for a call after a rejected or cancelled run, with the same or a corrected movie. The key is free
 *   because nothing was accepted.
 * - A reset, a termination, a cancel, an adoption, another API key, another account, a restart of worker or engine: none of
 *   them speaks of money. If a reset has the engine apply a forced decision again, it is still one decision.
 *
 * The rule: the n-th accepted POST of a key, counted over all accounts of the provider, is right if at least n were
 * allowed at the time of its acceptance. A consent that comes later does not heal it.
 */
export function unconsented(accepted: readonly Accepted[], done: readonly Done[]): readonly Accepted[] {
  return accepted
    .toSorted((one, other) => one.atMs - other.atMs)
    .filter(({ atMs }, index) => index + 1 > allowedAt(atMs, done));
}

/** A call that began so long before a deletion has met the key's run. The slow line is part of it. */
const SEEN_MS = 12_000;

function allowedAt(atMs: number, done: readonly Done[]): number {
  const before = done.filter(({ fromMs }) => fromMs <= atMs);
  const forced = new Set(before.filter(isForced).map(decisionOf));
  const forgotten = before.filter((deletion) => isDeletion(deletion) && isFollowed(deletion, before));
  return 1 + forced.size + forgotten.length;
}

function isForced({ deed, told }: Done): boolean {
  if (deed.do !== 'decide' || deed.action !== 'resubmit' || !deed.force) return false;
  if (told === undefined) return true;
  if ('value' in told) return told.value['project'] === undefined && takenForce(told.value['decision']);
  return !('error' in told && NOTHING_DECIDED.has(told.error.code));
}

/** A forced decision may be answered with an equal one that was taken before it without force. */
function takenForce(decision: unknown): boolean {
  return !isJson(decision) || decision['force'] === true;
}

/** Errors of a decision by which certainly nothing was decided. */
const NOTHING_DECIDED: ReadonlySet<string> = new Set([
  'DecisionRefused',
  'KeyNotFound',
  'KeyTaken',
  'KeyInvalid',
]);

/** A decision as its answer names it: the same one for all who were answered with it. */
function decisionOf({ told, fromMs, deed }: Done): string {
  const decision: unknown = told !== undefined && 'value' in told ? told.value['decision'] : undefined;
  return JSON.stringify(decision ?? [fromMs, deed]);
}

function isDeletion({ deed, told }: Done): boolean {
  return deed.do === 'delete' && (told === undefined || ('engine' in told && told.engine === 'deleted'));
}

/** True if a call may have found the key unknown after this deletion. */
function isFollowed(deletion: Done, done: readonly Done[]): boolean {
  return done.some(
    ({ deed, fromMs, toMs = Infinity }) =>
      (deed.do === 'submitOnce' || deed.do === 'render' || deed.do === 'start') &&
      toMs > deletion.fromMs &&
      fromMs > deletion.fromMs - SEEN_MS,
  );
}

/** The error of a call, if it ended in one. */
export function errorOf(told: Done['told']): Extract<Called, { error: unknown }>['error'] | undefined {
  return told !== undefined && 'error' in told ? told.error : undefined;
}

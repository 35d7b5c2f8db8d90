import type { Done } from '../operators/perform.js';
import type { Nature } from '../provider/fates.js';
import { type Accepted, isJson } from '../provider/movies.js';
import { errorOf, unconsented } from './consent.js';

/** The state of a key when all is over. */
export interface Ended {
  /** Its newest run; nothing if the engine knows none. */
  readonly run?: { readonly isOpen: boolean; readonly state: string };
  /** A state that should have ended by itself, and did not. */
  readonly overdue?: string;
  /** The result that was asked of the closed run. */
  readonly result?: Done;
  /** The last call that was made without `restart`, with each of its movies until one was no reuse. */
  readonly call?: Done;
  /** The call with `restart`, if that was the way on. */
  readonly restart?: Done;
}

/** A run that was held, and what is known of the time before. */
export interface Held {
  readonly atMs: number;
  /** True if the list is readable, every worker has the account's own key, and a look could meet a witness. */
  readonly isWitnessed: boolean;
  /** Submissions that may have been lost without being accepted. */
  readonly losses: number;
  readonly resubmissions: number;
}

/** All that the checker knows of one key. It sees the product from outside only. */
export interface SeenKey {
  readonly key: string;
  readonly nature: Nature;
  /** The accepted POSTs of the provider's ledger, over all accounts. */
  readonly accepted: readonly Accepted[];
  /** The deeds of people and programs, and how they ended. */
  readonly done: readonly Done[];
  readonly ended: Ended;
  /** That its run was held, if it was. */
  readonly held?: Held;
  /** Habits of its provider and kinds of its deeds, for those who look for a cause. */
  readonly signs: readonly string[];
}

export interface RandomViolation {
  readonly rule:
    /** More was paid than was consented to. */
    | 'paid'
    /** A call did not end in time, or in an error that says nothing to its caller. */
    | 'call'
    /** A run did not end, or its end has no way on. */
    | 'way on'
    /** A run was held although a look could have settled it. */
    | 'held'
    /** A caller got a project that was not accepted under the key. */
    | 'project';
  readonly key: string;
  readonly what: string;
  readonly signs: readonly string[];
}

/** Checks everything that must hold of one key. */
export function checkKey(seen: SeenKey): readonly RandomViolation[] {
  const { key, signs } = seen;
  const faults: readonly (readonly [RandomViolation['rule'], readonly string[]])[] = [
    ['paid', paidFaults(seen)],
    ['call', seen.done.flatMap(callFaults)],
    ['way on', wayFaults(seen)],
    ['held', heldFaults(seen)],
    ['project', projectFaults(seen)],
  ];
  return faults.flatMap(([rule, texts]) => texts.map((what) => ({ rule, key, what, signs })));
}

/** Checks that every accepted POST of a provider carries the `client-data` of one of its callers. */
export function checkLedger(
  accepted: readonly Accepted[],
  keys: ReadonlySet<string>,
): readonly RandomViolation[] {
  return accepted
    .filter(({ key }) => !keys.has(key))
    .map(({ key, project }) => ({
      rule: 'paid',
      key,
      what: `project ${project} was accepted without its caller's client-data`,
      signs: [],
    }));
}

function paidFaults({ accepted, done }: SeenKey): string[] {
  const first = accepted[0]?.atMs ?? 0;
  return unconsented(accepted, done).map(
    ({ project, account, variant, atMs }) =>
      `project ${project} (movie ${variant}, ${account}) was accepted ${((atMs - first) / 1_000).toFixed(1)} s after the first, to which nobody consented`,
  );
}

function callFaults({ deed, limitMs, fromMs, toMs, told }: Done): string[] {
  const what = `${deed.do}${'restart' in deed && deed.restart ? ' with restart' : ''}`;
  if (toMs === undefined) return [`${what} had no end after ${limitMs / 1_000} s`];
  if (toMs - fromMs > limitMs) return [`${what} took ${(toMs - fromMs) / 1_000} s, of ${limitMs / 1_000}`];
  const error = errorOf(told);
  if (error === undefined || error.isTyped || error.wasAborted) return [];
  return [`${what} ended in ${error.code} without a next step: ${error.message ?? ''}`];
}

/** Errors of a call that say how the key stands, and so what may be done next. */
const STANDING: ReadonlySet<string> = new Set([
  'SubmissionPending',
  'MovieRejected',
  'RenderCancelled',
  'RenderFailed',
  'RenderTimedOut',
  'RenderAbandoned',
  'IdempotencyKeyReused',
]);

/** Ends out of which `restart` must lead. */
const STUCK: ReadonlySet<string> = new Set(['RenderAbandoned', 'IdempotencyKeyReused']);

function wayFaults({ done: deeds, ended: { run, overdue, result, call, restart } }: SeenKey): string[] {
  const isForgotten = deeds.some(({ deed }) => deed.do === 'delete');
  const faults: string[] = [];
  if (overdue !== undefined) faults.push(`the run was ${overdue} long after the time that its options allow`);
  if (run?.isOpen === true) faults.push(`the run is ${run.state} still, after abandon and cancel`);
  const [resultError, callError, restartError] = [result, call, restart].map((done) => errorOf(done?.told));
  if (resultError?.wasAborted === true) faults.push('the result of a closed run is waited for in vain');
  for (const [name, error] of [
    ['result', resultError],
    ['submitOnce', callError],
    ['restart', restartError],
  ] as const) {
    const isStanding =
      error === undefined ||
      error.wasAborted ||
      STANDING.has(error.code) ||
      (error.code === 'KeyNotFound' && isForgotten);
    if (!isStanding) faults.push(`${name} ends in ${error.code}: ${error.message ?? ''}`);
  }
  if (restartError !== undefined && STUCK.has(restartError.code)) {
    faults.push(`restart ends in ${restartError.code}: ${restartError.message ?? ''}`);
  }
  return faults;
}

/** Deeds that a key's callers do; every other is an operator's. */
const CALLS: ReadonlySet<string> = new Set(['submitOnce', 'start', 'render', 'result', 'status']);

/**
 * A key that no operator touches needs no person if a look can prove an absence: the movie is found, or sent again as
 * often as its options allow.
 */
function heldFaults({ accepted, done, held }: SeenKey): string[] {
  if (held?.isWitnessed !== true) return [];
  const isTouched = done.some(
    ({ deed, fromMs }) => fromMs <= held.atMs && (!CALLS.has(deed.do) || ('restart' in deed && deed.restart)),
  );
  const wasFound = accepted.some(({ atMs }) => atMs <= held.atMs);
  if (isTouched || (!wasFound && held.losses > held.resubmissions)) return [];
  return [
    `the run was held, though a look had a witness and ${wasFound ? 'the movie is in the list' : 'a resubmission was left'}`,
  ];
}

/** Returns every project that a caller got, in answers and in errors. */
function projectsTold(done: readonly Done[]): ReadonlySet<string> {
  const told = done.flatMap((each): unknown[] => {
    const end = each.told;
    if (end === undefined || 'engine' in end) return [];
    return 'value' in end ? [end.value['project']] : [end.error.project, end.error.outcome?.project];
  });
  return new Set(told.filter((project) => typeof project === 'string'));
}

function projectFaults({ key, accepted, done }: SeenKey): string[] {
  // A person may give a key any project by force.
  const adopted = done.flatMap(({ deed, told }) => {
    if (deed.do !== 'decide' || deed.action !== 'adopt' || !deed.force) return [];
    return told !== undefined && 'value' in told && isJson(told.value)
      ? [told.value['project']]
      : [undefined];
  });
  const known = new Set<unknown>([...accepted.map(({ project }) => project), ...adopted]);
  const told = [...projectsTold(done)];
  // A decision without an answer may have given it one that is not known here.
  if (adopted.includes(undefined)) return [];
  return told
    .filter((project) => !known.has(project))
    .map((project) => `a caller got project ${project}, which was not accepted under ${key}`);
}

import type { Client } from '@temporalio/client';
import {
  BudgetExceeded,
  IdempotencyKeyReused,
  MovieRejected,
  OptionsInvalid,
  RenderAbandoned,
  RenderCancelled,
  type RenderonceError,
} from '../render/errors.js';
import type { Outcome } from '../render/outcome.js';
import { askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun, readRunResult } from '../temporal/current-run.js';
import { readStartedRun } from '../temporal/started-run.js';
import { FAILURES } from '../workflows/messages.js';
import { isSameMovie, keyReused } from './compare.js';
import type { PreparedCall } from './prepare.js';
import type { Sightings } from './sightings.js';
import { startAfter, type StartTerms } from './start-terms.js';

/** A call that meets a closed run. Without a movie it only waits for the result. */
interface Asking {
  readonly key: string;
  readonly call?: PreparedCall;
  /** The caller that started the run, if the call was given its failure. */
  readonly startedBy?: string | undefined;
  /** The runs that the call has seen. */
  readonly sightings?: Pick<Sightings, 'hasJoined'>;
  /** Time until which the engine is asked; 10 s for each question by default. */
  readonly untilMs?: number;
}

type RunResult = Awaited<ReturnType<typeof readRunResult>>;

/** The reaction of a call to a closed run. */
type Reaction =
  | { readonly do: 'answer'; readonly outcome: Outcome }
  /** The key belongs to another movie. */
  | { readonly do: 'refuse'; readonly project: string }
  | { readonly do: 'throw'; readonly error: RenderonceError }
  /** `inDoubt`: the closed run, or another client of the key, may have sent something until shortly before its end. */
  | { readonly do: 'start again'; readonly inDoubt: boolean };

type End = 'completed' | 'canceled' | 'rejected' | 'reused' | 'in doubt';
type Condition = 'has another movie' | 'met this run' | 'shares the rejection' | 'restarts' | 'any call';

/** The table of closed runs, for `submitOnce`, `start` and `result`. The first row that fits run and call decides. */
const TABLE: readonly (readonly [end: End, call: Condition, then: Reaction['do']])[] = [
  ['completed', 'has another movie', 'refuse'],
  ['completed', 'any call', 'answer'],
  ['canceled', 'met this run', 'throw'],
  ['canceled', 'any call', 'start again'],
  ['rejected', 'shares the rejection', 'throw'],
  ['rejected', 'any call', 'start again'],
  ['reused', 'restarts', 'start again'],
  ['reused', 'any call', 'refuse'],
  ['in doubt', 'restarts', 'start again'],
  ['in doubt', 'any call', 'throw'],
];

/** Callers that shared a rejected run all get its rejection, and cause no second POST, for this long after its close. */
const REJECTION_SHARED_MS = 60_000;

/** Looks a closed run up in the table. A call that only waits for the result takes every end for its own. */
export function reactionTo(asking: Asking, run: CurrentRun, result: RunResult, nowMs: number): Reaction {
  const { call } = asking;
  const closedAtMs = run.closedAt?.getTime() ?? nowMs;
  const startedBy = ('caller' in result ? result.caller : undefined) ?? asking.startedBy;
  // Decided by the runs that the call has joined, never by comparing its clock with the engine's.
  const met =
    call === undefined || startedBy === call.caller || asking.sightings?.hasJoined(run.runId) === true;
  // A budget may have got credits since, and no POST was made.
  const isOfBudget = 'code' in result && result.code === 'BudgetExceeded';
  const isShared = !isOfBudget && nowMs - closedAtMs < REJECTION_SHARED_MS;
  const isOfCall = (fingerprint?: string): boolean =>
    call === undefined || isSameMovie(call, { fingerprint, ignore: run.ignore });
  const holds: Readonly<Record<Condition, boolean>> = {
    'has another movie': 'outcome' in result && call?.joins !== true && !isOfCall(result.outcome.fingerprint),
    'met this run': met,
    'shares the rejection': (met || isShared) && isOfCall(run.fingerprint),
    // The consent is about runs that ended before the call: a person may have just ended the one that it waits in.
    restarts: call?.restart === true && !met,
    'any call': true,
  };
  const end = endOf(run, result);
  const then = TABLE.find((row) => row[0] === end && holds[row[1]])?.[2];
  if ('outcome' in result) {
    const { outcome } = result;
    return then === 'answer' ? { do: then, outcome } : { do: 'refuse', project: outcome.project };
  }
  if (then === 'start again') return { do: then, inDoubt: end === 'in doubt' || end === 'reused' };
  if (then === 'refuse') {
    const { message, project } = result;
    return {
      do: 'throw',
      error: new IdempotencyKeyReused(message, [], { key: asking.key, ...aboutProject(project) }),
    };
  }
  return { do: 'throw', error: errorOf(asking.key, end, run, result) };
}

/** The engine's status alone says whether the key is spent; only a failed run has a type of failure that counts. */
function endOf({ status }: CurrentRun, result: RunResult): End {
  if ('outcome' in result) return 'completed';
  if (status === 'canceled') return 'canceled';
  if (status === 'failed' && result.failure === FAILURES.rejected) return 'rejected';
  return status === 'failed' && result.failure === FAILURES.reused ? 'reused' : 'in doubt';
}

type Failure = Exclude<RunResult, { outcome: unknown }>;

function errorOf(key: string, end: End, run: CurrentRun, failure: Failure): RenderonceError {
  if (end === 'canceled') {
    return new RenderCancelled('the render was cancelled before it was accepted', { key });
  }
  if (end === 'rejected') return rejectionOf(key, failure);
  const isEndedFromOutside = run.status === 'terminated' || run.status === 'timed out';
  const how = isEndedFromOutside
    ? `the run was ${run.status} while the movie may have been accepted`
    : failure.message;
  return new RenderAbandoned(how, { key, ...aboutProject(run.project) });
}

function rejectionOf(key: string, { message, httpStatus, code }: Failure): RenderonceError {
  if (code === 'BudgetExceeded') return new BudgetExceeded(message, { key });
  if (code === 'OptionsInvalid') return new OptionsInvalid(message, { key });
  return new MovieRejected(message, { key, httpStatus });
}

function aboutProject(project: string | undefined): { readonly project?: string } {
  return project === undefined ? {} : { project };
}

/**
 * Finds out what a closed run means for a call: an outcome, terms on which to start again, or an error that is thrown.
 * Returns nothing if the key has another run by now: before anything but an outcome counts, the key is described once
 * more, since another call may have started again, or a reset may go on in another run.
 */
export async function reactToClosedRun(
  client: Client,
  asking: Asking,
  run: CurrentRun,
): Promise<{ readonly outcome: Outcome } | { readonly terms: StartTerms } | undefined> {
  const { key, call } = asking;
  const ask = <T>(question: () => Promise<T>): Promise<T> => askEngine(client, key, question, asking.untilMs);
  const result = await ask(() => readRunResult(client, key, run.runId));
  const startedBy = asking.startedBy ?? (await ask(() => starterOf(client, asking, run)));
  const reaction = reactionTo({ ...asking, startedBy }, run, result, Date.now());
  if (reaction.do === 'answer') return { outcome: reaction.outcome };
  const isReplaced = async (): Promise<boolean> => {
    const newest = await ask(() => describeCurrentRun(client, key));
    return newest !== undefined && newest.runId !== run.runId;
  };
  if (reaction.do === 'start again') {
    const terms = await ask(() => startAfter(client, key, run, reaction.inDoubt, call));
    return (await isReplaced()) ? undefined : { terms };
  }
  if (await isReplaced()) return undefined;
  if (reaction.do === 'throw') throw reaction.error;
  if (call !== undefined) throw await keyReused(client, call, reaction.project);
  throw new Error('a call for the result has no movie of its own');
}

/** A cancelled run does not say in its end which call started it; its first event does. */
async function starterOf(
  client: Client,
  { key, call }: Asking,
  run: CurrentRun,
): Promise<string | undefined> {
  if (call === undefined || run.status !== 'canceled') return undefined;
  const { caller } = await readStartedRun(client, { workflowId: key, runId: run.runId });
  return typeof caller === 'string' ? caller : undefined;
}

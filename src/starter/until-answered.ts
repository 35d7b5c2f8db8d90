import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { EngineUnavailable, KeyNotFound, RenderAbandoned } from '../render/errors.js';
import type { Outcome } from '../render/outcome.js';
import { askEngine, callEngine, pauseAfterLimit } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun, failureOf } from '../temporal/current-run.js';
import { GRPC, grpcCode, isDeadline, isNotFound, translateEngineError } from '../temporal/engine-errors.js';
import { reactToClosedRun } from './closed-runs.js';
import type { PreparedCall } from './prepare.js';
import { StillOpen } from './first-start.js';
import type { Sightings } from './sightings.js';
import { FIRST_START, type StartTerms } from './start-terms.js';

/** One attempt: starts the key's run or joins it, or waits in an open run that the call has seen and starts nothing. */
export type Step = { readonly start: StartTerms } | { readonly join: string };

/** The answer of an attempt. */
interface Answered<T> {
  readonly answer: T;
  /** True if this call started the run. */
  readonly isOwn: boolean;
  /** The run that answered, if that is known. */
  readonly runId?: string | undefined;
}

/** The difference between `submitOnce` and `start`. */
interface Manner<T> {
  attempt(step: Step): Promise<Answered<T>>;
  /** Answers while the run goes on; without an answer the next attempt joins it. */
  ofRunning(run: CurrentRun): Promise<T | undefined>;
  ofOutcome(outcome: Outcome, run: CurrentRun): T;
}

/** The end of one attempt. */
type Attempt<T> =
  | ({ readonly got: 'answer' } & Answered<T>)
  | { readonly got: 'deadline' }
  /** The engine limits the rate of calls: the same attempt is made again. */
  | { readonly got: 'limit' }
  /** `startedBy`: the caller that started the run, if the attempt was given the run's failure. */
  | { readonly got: 'no answer'; readonly startedBy?: string | undefined };

/** A call on its way: what it asks for, until when, and what it has seen of its key. */
export interface Calling {
  readonly client: Client;
  readonly call: PreparedCall;
  readonly deadlineAtMs: number;
  readonly sightings: Sightings;
}

/**
 * Attempts to start a call's render, or to join it, until there is an answer. Returns nothing when the deadline has
 * passed. Nothing is started after the signal was aborted: Temporal's client takes no notice of an abort between two of
 * its calls.
 */
export async function untilAnswered<T>(calling: Calling, manner: Manner<T>): Promise<T | undefined> {
  const { client, call, deadlineAtMs } = calling;
  let next = await firstStep(calling, manner);
  while (Date.now() < deadlineAtMs) {
    if ('answer' in next) return next.answer;
    call.signal?.throwIfAborted();
    const step: Step = next;
    const attempt = await callEngine(client, call.key, deadlineAtMs, () => manner.attempt(step)).then(
      (answered): Attempt<T> => ({ got: 'answer', ...answered }),
      (error: unknown) => endOf(calling, error),
    );
    if (attempt.got === 'deadline') return undefined;
    if (attempt.got === 'answer' && attempt.isOwn) return attempt.answer;
    if (attempt.got === 'limit') await pauseAfterLimit(deadlineAtMs);
    else next = await afterAttempt(calling, attempt, manner);
  }
  return 'answer' in next ? next.answer : undefined;
}

/** A call that comes here again, past its first deadline, goes on with the run that it has seen. */
async function firstStep<T>(calling: Calling, manner: Manner<T>): Promise<{ readonly answer: T } | Step> {
  const { isKnown, newest } = calling.sightings;
  if (newest !== undefined) return { join: newest };
  return isKnown ? afterAttempt(calling, { got: 'no answer' }, manner) : { start: FIRST_START };
}

/** Least time for the question that follows an attempt, also if the deadline passes meanwhile. */
const LAST_QUESTION_MS = 1_000;

/** The engine's answers about a run that is closing or starting at this moment: the key must be described again. */
const IN_TRANSITION: readonly (number | undefined)[] = [
  GRPC.failedPrecondition,
  GRPC.aborted,
  GRPC.alreadyExists,
];

/** Classifies the error of an attempt, and throws it if another attempt does not help. */
function endOf({ call, sightings }: Calling, error: unknown): Attempt<never> {
  if (error instanceof StillOpen) return { got: 'no answer' };
  if (error instanceof EngineUnavailable && error.isLimited) sightings.limited = error;
  if (error instanceof EngineUnavailable || isDeadline(error)) return { got: 'deadline' };
  const code = grpcCode(error);
  if (code === GRPC.resourceExhausted) {
    const limited = translateEngineError(error, call.key);
    if (limited instanceof EngineUnavailable) sightings.limited = limited;
    return { got: 'limit' };
  }
  const isFailure = error instanceof WorkflowUpdateFailedError;
  if (isFailure || isNotFound(error) || error instanceof WorkflowExecutionAlreadyStartedError) {
    // These come from a run of the key: the engine knows it, or knew it when the call came.
    sightings.isKnown = true;
    return { got: 'no answer', ...(isFailure ? { startedBy: failureOf(error.cause).caller } : {}) };
  }
  if (IN_TRANSITION.includes(code)) return { got: 'no answer' };
  throw translateEngineError(error, call.key);
}

/**
 * Describes the key's newest run, and decides how to go on. Another call's answer counts only if its run goes on or has
 * completed: the engine also gives the stored answer of a run that was terminated since.
 */
async function afterAttempt<T>(
  calling: Calling,
  attempt: Extract<Attempt<T>, { got: 'answer' | 'no answer' }>,
  manner: Manner<T>,
): Promise<{ readonly answer: T } | Step> {
  const { client, call, deadlineAtMs, sightings } = calling;
  const { key } = call;
  const untilMs = Math.max(deadlineAtMs, Date.now() + LAST_QUESTION_MS);
  const run = await askEngine(client, key, () => describeCurrentRun(client, key), untilMs);
  if (run === undefined) {
    if (sightings.isKnown) throw deletedRun(key);
    return { start: FIRST_START };
  }
  sightings.see(run);
  const isOpen = run.status === 'running';
  const isItsAnswer = attempt.got === 'answer' && (attempt.runId ?? run.runId) === run.runId;
  if (isItsAnswer && (isOpen || run.status === 'completed')) return attempt;
  if (isOpen) {
    const answer = await manner.ofRunning(run);
    return answer === undefined ? { join: run.runId } : { answer };
  }
  const startedBy = attempt.got === 'no answer' ? attempt.startedBy : undefined;
  const asking = { key, call, startedBy, sightings, untilMs };
  const reaction = await reactToClosedRun(client, asking, run).catch(unlessDeleted);
  if (reaction === undefined) return afterAttempt(calling, { got: 'no answer', startedBy }, manner);
  return 'outcome' in reaction
    ? { answer: manner.ofOutcome(reaction.outcome, run) }
    : { start: reaction.terms };
}

/** A run that was deleted while it was read is described again. */
function unlessDeleted(error: unknown): undefined {
  if (!(error instanceof KeyNotFound)) throw error;
}

/** Returns the error of a call whose run was deleted while it waited. */
export function deletedRun(key: string): RenderAbandoned {
  return new RenderAbandoned(
    'the run was deleted while this call waited for it, and the movie may have been accepted',
    { key },
  );
}

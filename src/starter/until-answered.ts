import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import type { Outcome } from '../render/outcome.js';
import { askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun, failureOf } from '../temporal/current-run.js';
import { GRPC, grpcCode, isDeadline, translateEngineError } from '../temporal/engine-errors.js';
import { reactToClosedRun } from './closed-runs.js';
import type { PreparedCall } from './prepare.js';
import { FIRST_START, type StartTerms } from './start-terms.js';

/** The difference between `submitOnce` and `start`. */
interface Manner<T> {
  /** Starts the key's run or joins it. `isOwn` is true if this call started it. */
  attempt(terms: StartTerms): Promise<{ readonly answer: T; readonly isOwn: boolean }>;
  /** Answers while the run goes on; without an answer there is another attempt. */
  ofRunning(run: CurrentRun): Promise<T | undefined>;
  ofOutcome(outcome: Outcome): T;
}

/** The end of one attempt. */
type Attempt<T> =
  | { readonly got: 'answer'; readonly answer: T; readonly isOwn: boolean }
  | { readonly got: 'deadline' }
  /** `startedBy`: the caller that started the run, if the attempt was given the run's failure. */
  | { readonly got: 'no answer'; readonly startedBy?: string | undefined };

/**
 * Attempts to start a call's render, or to join it, until there is an answer. Returns nothing when the deadline has
 * passed. Nothing is started after the signal was aborted: Temporal's client takes no notice of an abort between two of
 * its calls.
 */
export async function untilAnswered<T>(
  client: Client,
  call: PreparedCall,
  deadlineAtMs: number,
  manner: Manner<T>,
): Promise<T | undefined> {
  let terms = FIRST_START;
  while (Date.now() < deadlineAtMs) {
    call.signal?.throwIfAborted();
    const attempt = await client
      .withDeadline(deadlineAtMs, () => manner.attempt(terms))
      .then(
        (answered): Attempt<T> => ({ got: 'answer', ...answered }),
        (error: unknown) => endOf(call, error),
      );
    if (attempt.got === 'deadline') return undefined;
    if (attempt.got === 'answer' && attempt.isOwn) return attempt.answer;
    const next = await afterAttempt(client, call, attempt, manner);
    if ('answer' in next) return next.answer;
    terms = next.terms;
  }
  return undefined;
}

/** The engine's answers about a run that is closing or starting at this moment: the key must be described again. */
const IN_TRANSITION: readonly (number | undefined)[] = [
  GRPC.failedPrecondition,
  GRPC.aborted,
  GRPC.alreadyExists,
];

/** Classifies the error of an attempt, and throws it if another attempt does not help. */
function endOf({ key }: PreparedCall, error: unknown): Attempt<never> {
  if (isDeadline(error)) return { got: 'deadline' };
  if (error instanceof WorkflowUpdateFailedError) {
    return { got: 'no answer', startedBy: failureOf(error.cause).caller };
  }
  const isKnown = error instanceof WorkflowExecutionAlreadyStartedError;
  if (isKnown || IN_TRANSITION.includes(grpcCode(error))) return { got: 'no answer' };
  throw translateEngineError(error, key);
}

/**
 * Describes the key's newest run, and decides how to go on. Another call's answer counts only if its run goes on or has
 * completed: the engine also gives the stored answer of a run that was terminated since.
 */
async function afterAttempt<T>(
  client: Client,
  call: PreparedCall,
  attempt: Exclude<Attempt<T>, { got: 'deadline' }>,
  manner: Manner<T>,
): Promise<{ readonly answer: T } | { readonly terms: StartTerms }> {
  const { key } = call;
  const run = await askEngine(client, key, () => describeCurrentRun(client, key));
  if (run === undefined) return { terms: FIRST_START };
  if (attempt.got === 'answer' && (run.status === 'running' || run.status === 'completed')) return attempt;
  if (run.status === 'running') {
    const answer = await manner.ofRunning(run);
    return answer === undefined ? { terms: FIRST_START } : { answer };
  }
  const startedBy = attempt.got === 'no answer' ? attempt.startedBy : undefined;
  const reaction = await reactToClosedRun(client, { key, call, startedBy }, run);
  if (reaction === undefined) return { terms: FIRST_START };
  return 'outcome' in reaction ? { answer: manner.ofOutcome(reaction.outcome) } : reaction;
}

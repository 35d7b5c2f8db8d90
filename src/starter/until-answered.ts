import type { Client } from '@temporalio/client';
import type { Outcome } from '../render/outcome.js';
import { askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun } from '../temporal/current-run.js';
import { reactToClosedRun } from './closed-runs.js';
import type { PreparedCall } from './prepare.js';
import { FIRST_START, type StartTerms } from './start-terms.js';

/** The end of one attempt to start the key's run, or to join it. */
export type Attempt<T> =
  | { readonly got: 'own answer'; readonly answer: T }
  /** The answer of a run that another call started. */
  | { readonly got: "another's answer"; readonly answer: T }
  | { readonly got: 'deadline' }
  /** `startedBy`: the caller that started the run, if the attempt was given the run's failure. */
  | { readonly got: 'no answer'; readonly startedBy?: string | undefined };

/** The difference between `submitOnce` and `start`. */
interface Manner<T> {
  attempt(terms: StartTerms): Promise<Attempt<T>>;
  /** Answers while the run goes on; without an answer there is another attempt. */
  ofRunning(run: CurrentRun): Promise<T | undefined>;
  ofOutcome(outcome: Outcome): T;
}

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
    const attempt = await manner.attempt(terms);
    if (attempt.got === 'deadline') return undefined;
    if (attempt.got === 'own answer') return attempt.answer;
    const next = await afterAttempt(client, call, attempt, manner);
    if ('answer' in next) return next.answer;
    terms = next.terms;
  }
  return undefined;
}

/**
 * Describes the key's newest run, and decides how to go on. Another call's answer counts only if its run goes on or has
 * completed: the engine also gives the stored answer of a run that was terminated since.
 */
async function afterAttempt<T>(
  client: Client,
  call: PreparedCall,
  attempt: Exclude<Attempt<T>, { got: 'own answer' | 'deadline' }>,
  manner: Manner<T>,
): Promise<{ readonly answer: T } | { readonly terms: StartTerms }> {
  const { key } = call;
  const run = await askEngine(client, key, () => describeCurrentRun(client, key));
  if (run === undefined) return { terms: FIRST_START };
  if (attempt.got === "another's answer" && (run.status === 'running' || run.status === 'completed')) {
    return { answer: attempt.answer };
  }
  if (run.status === 'running') {
    const answer = await manner.ofRunning(run);
    return answer === undefined ? { terms: FIRST_START } : { answer };
  }
  const startedBy = attempt.got === 'no answer' ? attempt.startedBy : undefined;
  const reaction = await reactToClosedRun(client, { key, call, startedBy }, run);
  if (reaction === undefined) return { terms: FIRST_START };
  return 'outcome' in reaction ? { answer: manner.ofOutcome(reaction.outcome) } : reaction;
}

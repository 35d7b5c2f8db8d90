import {
  type Client,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { EngineUnavailable, NoWorker, SubmissionPending } from '../render/errors.js';
import type { SubmitAnswer } from '../render/outcome.js';
import { RENDER_MOVIE, submitUpdate } from '../workflows/messages.js';
import { askEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, describeCurrentRun, endOfFailure, readRunEnd } from '../temporal/current-run.js';
import { decideOnClosedRun } from './decide.js';
import { isDeadline, isInTransition, translateEngineError } from '../temporal/engine-errors.js';
import type { PreparedCall } from './prepare.js';
import { keyReused } from './reuse.js';
import { FIRST_START, startAfter, startOptions, type StartTerms } from './start-terms.js';
import { hasWorker } from '../temporal/task-queue.js';

/** What a submitted key answers. */
export interface Submitted extends Omit<SubmitAnswer, 'caller'> {
  /** Whether another call had started this render before. */
  readonly replayed: boolean;
}

/** How one call of the engine ended; `caller` is who had started the run whose submission failed. */
type AttemptEnd =
  | { readonly got: 'answer'; readonly answer: SubmitAnswer }
  | { readonly got: 'deadline' }
  | { readonly got: 'no answer'; readonly caller?: string | undefined };

/** Pause before a key in transition is looked at again. */
const TRANSITION_PAUSE_MS = 100;

/** One submitting call, from the first attempt to the answer. */
export class SubmitCall {
  readonly #client: Client;
  readonly #taskQueue: string;
  readonly #call: PreparedCall;
  #deadlineAtMs = 0;

  constructor(client: Client, taskQueue: string, call: PreparedCall) {
    this.#client = client;
    this.#taskQueue = taskQueue;
    this.#call = call;
  }

  /**
   * Starts the render or joins it, and waits until its submission has ended or the deadline has passed; with
   * `untilSettled` past the deadline, while the submission goes on by itself.
   */
  async run(): Promise<Submitted> {
    for (;;) {
      this.#deadlineAtMs = Date.now() + this.#call.deadlineMs;
      try {
        return await this.#untilDeadline();
      } catch (error) {
        const goesOn = error instanceof SubmissionPending && error.state !== 'held';
        if (!goesOn || !this.#call.untilSettled) throw error;
      }
    }
  }

  async #untilDeadline(): Promise<Submitted> {
    let terms = FIRST_START;
    while (Date.now() < this.#deadlineAtMs) {
      const attempt = await this.#attempt(terms);
      if (attempt.got === 'deadline') break;
      if (attempt.got === 'answer' && attempt.answer.caller === this.#call.caller)
        return this.#compared(attempt.answer);
      const next = await this.#decide(attempt);
      if ('answer' in next) return next.answer;
      terms = next.terms;
    }
    throw await this.#pending();
  }

  async #attempt(terms: StartTerms): Promise<AttemptEnd> {
    const startWorkflowOperation = new WithStartWorkflowOperation(RENDER_MOVIE, {
      ...startOptions(this.#call, terms, this.#taskQueue),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    try {
      const answer = await this.#client.withDeadline(this.#deadlineAtMs, () =>
        this.#client.workflow.executeUpdateWithStart(submitUpdate, {
          startWorkflowOperation,
          updateId: terms.updateId,
        }),
      );
      return { got: 'answer', answer };
    } catch (error) {
      if (isDeadline(error)) return { got: 'deadline' };
      if (error instanceof WorkflowUpdateFailedError) {
        return { got: 'no answer', ...endOfFailure(error.cause) };
      }
      if (error instanceof WorkflowExecutionAlreadyStartedError || isInTransition(error))
        return { got: 'no answer' };
      throw translateEngineError(error, this.#call.key);
    }
  }

  /**
   * Looks at the key's newest run, and says on what terms to go on. An answer from memory counts only where the run
   * behind it goes on or has completed: the engine gives it for one that was terminated, too.
   */
  async #decide(
    attempt: Exclude<AttemptEnd, { got: 'deadline' }>,
  ): Promise<{ readonly terms: StartTerms } | { readonly answer: Submitted }> {
    const run = await this.#describe();
    if (run === undefined) return { terms: FIRST_START };
    const isSound = run.status === 'running' || run.status === 'completed';
    if (isSound && attempt.got === 'answer') return { answer: await this.#compared(attempt.answer) };
    if (run.status === 'running') {
      // It answered, and closes in this moment; or it was started in this moment by another call.
      await new Promise((resolve) => setTimeout(resolve, TRANSITION_PAUSE_MS));
      return { terms: FIRST_START };
    }
    const end = await this.#ask(() => readRunEnd(this.#client, this.#call.key, run.runId));
    // A canceled run says nothing of who started it; the failure that its update gave does.
    const starter = attempt.got === 'no answer' ? attempt.caller : undefined;
    const known = starter !== undefined && 'failure' in end ? { caller: starter, ...end } : end;
    const decision = decideOnClosedRun(this.#call, run, known, Date.now());
    switch (decision.do) {
      case 'answer':
        return { answer: await this.#compared(decision.outcome) };
      case 'throw':
        throw decision.error;
      case 'refuse reuse':
        throw await keyReused(this.#client, this.#call);
      case 'start again': {
        const { key } = this.#call;
        const terms = await this.#ask(() => startAfter(this.#client, key, run, decision.inDoubt));
        // Just before the start: has another call started again meanwhile?
        const now = await this.#describe();
        return { terms: now?.runId === run.runId ? terms : FIRST_START };
      }
    }
  }

  /** The engine answers a known update without asking anybody, so the fingerprint is compared here, always. */
  async #compared(answer: SubmitAnswer): Promise<Submitted> {
    const { key, project, fingerprint, submittedAt, caller } = answer;
    if (fingerprint !== this.#call.fingerprint) throw await keyReused(this.#client, this.#call, project);
    return { key, project, fingerprint, submittedAt, replayed: caller !== this.#call.caller };
  }

  /** Why the deadline passed without an answer. */
  async #pending(): Promise<Error> {
    const { key, signal } = this.#call;
    signal?.throwIfAborted();
    const run = await this.#describe();
    if (run === undefined) return new EngineUnavailable('the engine did not take the start in time', { key });
    const isOther = run.fingerprint !== undefined && run.fingerprint !== this.#call.fingerprint;
    if (isOther) return await keyReused(this.#client, this.#call, run.project);
    if (run.status === 'running' && !(await this.#ask(() => hasWorker(this.#client, run.taskQueue)))) {
      return new NoWorker(`no worker polls task queue ${run.taskQueue}`, { key });
    }
    return new SubmissionPending(run.state ?? 'submitting', { key });
  }

  #describe(): Promise<CurrentRun | undefined> {
    return this.#ask(() => describeCurrentRun(this.#client, this.#call.key));
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    return askEngine(this.#client, this.#call.key, question);
  }
}

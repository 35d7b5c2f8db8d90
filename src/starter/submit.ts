import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { EngineUnavailable, NoWorker, SubmissionPending } from '../render/errors.js';
import type { SubmitAnswer } from '../render/outcome.js';
import { askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun } from '../temporal/current-run.js';
import { hasWorker } from '../temporal/task-queue.js';
import { RENDER_MOVIE, submitUpdate } from '../workflows/messages.js';
import { keyReused } from './closed-runs.js';
import type { PreparedCall } from './prepare.js';
import { startOptions, type StartTerms } from './start-terms.js';
import { untilAnswered } from './until-answered.js';

/** Answer of a submission that was accepted. */
export interface Submitted extends Omit<SubmitAnswer, 'caller'> {
  /** True if another call had started this render before. */
  readonly replayed: boolean;
}

/** Pause before a key in transition is described again. */
const TRANSITION_PAUSE_MS = 100;

/**
 * Starts the render or joins it, and waits until its submission has ended or the deadline has passed; with
 * `untilSettled` past the deadline, while the submission goes on by itself.
 */
export async function submitRender(
  client: Client,
  taskQueue: string,
  call: PreparedCall,
): Promise<Submitted> {
  for (;;) {
    const deadlineAtMs = Date.now() + call.deadlineMs;
    const answer = await untilAnswered<SubmitAnswer>(client, call, deadlineAtMs, {
      attempt: (terms) => startOrJoin(client, taskQueue, call, terms),
      // It answered, and closes in this moment; or another call started it in this moment.
      ofRunning: () => pause(TRANSITION_PAUSE_MS, undefined),
      ofOutcome: (outcome) => outcome,
    });
    if (answer !== undefined) return compared(client, call, answer);
    const error = await whyPending(client, call);
    const goesOn = error instanceof SubmissionPending && error.state !== 'held';
    if (!goesOn || !call.untilSettled) throw error;
  }
}

async function startOrJoin(
  client: Client,
  taskQueue: string,
  call: PreparedCall,
  terms: StartTerms,
): Promise<{ readonly answer: SubmitAnswer; readonly isOwn: boolean }> {
  const startWorkflowOperation = new WithStartWorkflowOperation(RENDER_MOVIE, {
    ...startOptions(call, terms, taskQueue),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  const update = { startWorkflowOperation, updateId: terms.updateId };
  const answer = await client.workflow.executeUpdateWithStart(submitUpdate, update);
  return { answer, isOwn: answer.caller === call.caller };
}

/** The engine answers a known update without asking the workflow, so the fingerprint is compared here, always. */
async function compared(client: Client, call: PreparedCall, answer: SubmitAnswer): Promise<Submitted> {
  const { key, project, fingerprint, submittedAt, caller } = answer;
  if (fingerprint !== call.fingerprint) throw await keyReused(client, call, project);
  return { key, project, fingerprint, submittedAt, replayed: caller !== call.caller };
}

/** Returns the reason why the deadline passed without an answer. */
async function whyPending(client: Client, call: PreparedCall): Promise<Error> {
  const { key, signal } = call;
  signal?.throwIfAborted();
  const run = await askEngine(client, key, () => describeCurrentRun(client, key));
  if (run === undefined) return new EngineUnavailable('the engine did not take the start in time', { key });
  const isOther = run.fingerprint !== undefined && run.fingerprint !== call.fingerprint;
  if (isOther) return keyReused(client, call, run.project);
  if (run.status === 'running' && !(await askEngine(client, key, () => hasWorker(client, run.taskQueue)))) {
    return new NoWorker(`no worker polls task queue ${run.taskQueue}`, { key });
  }
  return new SubmissionPending(run.state, { key });
}

import { setTimeout as pause } from 'node:timers/promises';
import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { SubmissionPending } from '../render/errors.js';
import type { SubmitAnswer } from '../render/outcome.js';
import { askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun } from '../temporal/current-run.js';
import { SUBMIT_UPDATE_ID, submitUpdate, WORKFLOWS } from '../workflows/messages.js';
import { requireBudget } from './budgets.js';
import { differencesOf, isSameMovie, keyReused } from './compare.js';
import { startAndWait } from './first-start.js';
import type { PreparedCall } from './prepare.js';
import { Sightings } from './sightings.js';
import { FIRST_START, startOptions } from './start-terms.js';
import { type Calling, type Step, untilAnswered } from './until-answered.js';
import { whyPending } from './why-pending.js';

/** Answer of a submission that was accepted. */
export interface Submitted extends Omit<SubmitAnswer, 'caller'> {
  /** True if another call had started this render before. */
  readonly replayed: boolean;
  /** Paths at which the call's movie differs from the one that was sent; only with `ifDifferent: 'join'`. */
  readonly differences?: readonly string[];
}

/** Pause before a key in transition is described again. */
const TRANSITION_PAUSE_MS = 100;

/**
 * Starts the render or joins it, and waits until its submission has ended or the deadline has passed; with
 * `untilSettled` past the deadline, while the submission goes on by itself. `sightings` holds the runs that the call has seen.
 */
export async function submitRender(
  client: Client,
  taskQueue: string,
  call: PreparedCall,
  sightings = new Sightings(),
): Promise<Submitted> {
  await requireBudget(client, call.options.budget, call.key);
  for (;;) {
    const calling = { client, call, deadlineAtMs: Date.now() + call.deadlineMs, sightings };
    const answer = await untilAnswered<SubmitAnswer>(calling, {
      attempt: (step) => attempt(calling, taskQueue, step),
      // It answered, and closes in this moment; or another call started it in this moment.
      ofRunning: () => pause(TRANSITION_PAUSE_MS, undefined),
      ofOutcome: (outcome) => outcome,
    });
    if (answer !== undefined) return compared(client, call, answer);
    const error = await whyPending(calling);
    const goesOn = error instanceof SubmissionPending && error.state !== 'held';
    if (!goesOn || !call.untilSettled) throw error;
  }
}

async function attempt(calling: Calling, taskQueue: string, step: Step) {
  const { client, call, sightings } = calling;
  const { key, caller } = call;
  if ('start' in step && step.start === FIRST_START) {
    const startWorkflowOperation = new WithStartWorkflowOperation(WORKFLOWS.render, {
      ...startOptions(call, step.start, taskQueue),
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    const answer = await startAndWait(client, call, sightings, startWorkflowOperation);
    return { answer, isOwn: answer.caller === caller };
  }
  // After an earlier run the start is a call of its own: the engine repeats a start with an update by itself if the run
  // closes meanwhile, and would send what nobody decided on.
  const runId = 'join' in step ? step.join : await startOnce(calling, taskQueue, step);
  const run = client.workflow.getHandle(key, runId);
  const answer = await run.executeUpdate(submitUpdate, { updateId: SUBMIT_UPDATE_ID });
  return { answer, isOwn: answer.caller === caller, runId };
}

async function startOnce(
  { client, call, sightings }: Calling,
  taskQueue: string,
  { start }: Extract<Step, { start: unknown }>,
): Promise<string> {
  const options = startOptions(call, start, taskQueue);
  const started = await client.workflow.start(WORKFLOWS.render, {
    ...options,
    workflowIdConflictPolicy: 'FAIL',
  });
  sightings.join(started.firstExecutionRunId);
  return started.firstExecutionRunId;
}

/** The engine answers a known update without asking the workflow, so the fingerprint is compared here, always. */
async function compared(client: Client, call: PreparedCall, answer: SubmitAnswer): Promise<Submitted> {
  const { key, project, fingerprint, submittedAt, caller } = answer;
  const submitted = { key, project, fingerprint, submittedAt, replayed: caller !== call.caller };
  if (!submitted.replayed) return submitted;
  if (fingerprint === call.fingerprint && call.ignore === undefined) return submitted;
  const run = await askEngine(client, key, () => describeCurrentRun(client, key));
  if (isSameMovie(call, { fingerprint, ignore: run?.ignore })) return submitted;
  if (!call.joins) throw await keyReused(client, call, project);
  return { ...submitted, differences: await differencesOf(client, call) };
}

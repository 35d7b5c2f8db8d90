import { randomUUID } from 'node:crypto';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import {
  type DecisionAnswer,
  type DecisionRequest,
  describeDecision,
  isSameDecision,
  parseDecision,
  parseTaken,
} from '../render/decision.js';
import { DecisionPending, DecisionRefused } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { askEngine, type CallOptions, callEngine } from '../temporal/ask-engine.js';
import { type CurrentRun, failureOf, readRunResult, requireCurrentRun } from '../temporal/current-run.js';
import { isDeadline, isNotFound } from '../temporal/engine-errors.js';
import { readNoWorker } from '../temporal/task-queue.js';
import { DECISION_REFUSED, resolveUpdate } from '../workflows/messages.js';

/** A person's decision about a submission of unknown fate. */
export type DecisionChoice = { readonly adopt: string } | 'resubmit' | 'abandon';

/** The person who decides and the reason; both are kept in the history and in the result. */
export interface DecisionTerms extends CallOptions {
  readonly by: string;
  readonly why: string;
  /** True to adopt a project without our mark, or to send again before the settle window is over. */
  readonly force?: boolean | undefined;
}

/** `resolve` waits this long for a decision to take effect: it may take three GETs at a slow provider. */
const DECISION_DEADLINE_MS = 150_000;

/** Sends a person's decision to the key's newest run, and waits until it has taken effect. */
export async function resolveSubmission(
  client: Client,
  key: string,
  choice: DecisionChoice,
  { by, why, force, deadlineMs = DECISION_DEADLINE_MS }: DecisionTerms,
): Promise<DecisionAnswer> {
  const what = typeof choice === 'object' ? { action: 'adopt', project: choice.adopt } : { action: choice };
  const request = parseDecision({ ...what, by, why, ...(force === undefined ? {} : { force }) });
  if (typeof request === 'string') throw new DecisionRefused(request, { key });
  const untilMs = Date.now() + deadlineMs;
  // A workflow of another type must not be asked.
  const firstMs = Math.min(untilMs, Date.now() + ENGINE_CALL_MS);
  await askEngine(client, key, () => requireCurrentRun(client, key), firstMs);
  try {
    return await callEngine(client, key, untilMs, () =>
      // One ID for all tries of this call: the engine takes the decision once.
      client.workflow
        .getHandle(key)
        .executeUpdate(resolveUpdate, { args: [request], updateId: `resolve:${randomUUID()}` }),
    );
  } catch (error) {
    const refusal = error instanceof WorkflowUpdateFailedError ? failureOf(error.cause) : undefined;
    if (refusal?.failure === DECISION_REFUSED) throw new DecisionRefused(refusal.message, { key });
    return await askEngine(client, key, () => withoutAnswer(client, key, request, error));
  }
}

/** Answers for a run that is closed, since this very decision may have closed it; throws in any other case. */
async function withoutAnswer(
  client: Client,
  key: string,
  request: DecisionRequest,
  error: unknown,
): Promise<DecisionAnswer> {
  // An update that a closing run leaves behind fails in the SDK's own way.
  const isLost = isDeadline(error) || isNotFound(error) || error instanceof WorkflowUpdateFailedError;
  if (!isLost) throw error;
  const run = await requireCurrentRun(client, key);
  if (run.status !== 'running') return answerOfClosed(client, key, run, request);
  const pending = new DecisionPending('the deadline passed before the decision was carried out', { key });
  throw (await readNoWorker(client, run.taskQueue, { key })) ?? pending;
}

async function answerOfClosed(
  client: Client,
  key: string,
  run: CurrentRun,
  request: DecisionRequest,
): Promise<DecisionAnswer> {
  const end = await readRunResult(client, key, run.runId);
  const last = ('outcome' in end ? end.outcome.decisions : end.decisions)?.at(-1);
  const decision = parseTaken(last);
  if (decision === undefined || !isSameDecision(decision, request)) {
    throw new DecisionRefused(`the render is ${run.state}: nothing is in doubt`, { key });
  }
  const message = `decided before: ${describeDecision(decision)}; the render is ${run.state}`;
  return { key, decision, ...('outcome' in end ? { project: end.outcome.project } : {}), message };
}

import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { EngineUnavailable } from '../render/errors.js';
import { RENDER_MOVIE } from '../workflows/messages.js';
import { askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun, readRunEnd } from '../temporal/current-run.js';
import { decideOnClosedRun } from './decide.js';
import { isInTransition, translateEngineError } from '../temporal/engine-errors.js';
import type { PreparedCall } from './prepare.js';
import { keyReused } from './reuse.js';
import { FIRST_START, startAfter, startOptions, type StartTerms } from './start-terms.js';

/** What a started key answers. */
export interface Started {
  readonly key: string;
  /** Whether the render had been started before. */
  readonly replayed: boolean;
}

/** Starts the render without waiting for anything; needs no worker to be up. */
export async function startRender(client: Client, taskQueue: string, call: PreparedCall): Promise<Started> {
  const deadlineAtMs = call.startedAtMs + call.deadlineMs;
  let terms = FIRST_START;
  while (Date.now() < deadlineAtMs) {
    if (await tryStart(client, call, startOptions(call, terms, taskQueue), deadlineAtMs))
      return { key: call.key, replayed: false };
    const next = await decide(client, call);
    if (next === 'replayed') return { key: call.key, replayed: true };
    terms = next;
  }
  throw new EngineUnavailable('the engine did not take the start in time', { key: call.key });
}

async function tryStart(
  client: Client,
  call: PreparedCall,
  options: ReturnType<typeof startOptions>,
  deadlineAtMs: number,
): Promise<boolean> {
  try {
    await client.withDeadline(deadlineAtMs, () =>
      client.workflow.start(RENDER_MOVIE, {
        ...options,
        workflowIdConflictPolicy: 'FAIL',
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError || isInTransition(error)) return false;
    throw translateEngineError(error, call.key);
  }
}

async function decide(client: Client, call: PreparedCall): Promise<StartTerms | 'replayed'> {
  const run = await askEngine(client, call.key, () => describeCurrentRun(client, call.key));
  if (run === undefined) return FIRST_START;
  const isOther = run.fingerprint !== undefined && run.fingerprint !== call.fingerprint;
  if (run.status === 'running') {
    if (isOther) throw await keyReused(client, call, run.project);
    return 'replayed';
  }
  const end = await askEngine(client, call.key, () => readRunEnd(client, call.key, run.runId));
  const decision = decideOnClosedRun(call, run, end, Date.now());
  switch (decision.do) {
    case 'answer':
      if (decision.outcome.fingerprint !== call.fingerprint) throw await keyReused(client, call, run.project);
      return 'replayed';
    case 'throw':
      throw decision.error;
    case 'refuse reuse':
      throw await keyReused(client, call);
    case 'start again':
      return askEngine(client, call.key, () => startAfter(client, call.key, run, decision.inDoubt));
  }
}

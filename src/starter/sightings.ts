import type { Client, WorkflowClient } from '@temporalio/client';
import type { EngineUnavailable } from '../render/errors.js';
import type { CurrentRun } from '../temporal/current-run.js';

/** Runs of the key that one call has seen, over all its attempts. No clock is part of it. */
export class Sightings {
  /** The runs that were open at a moment of this call: their end is this call's end. */
  readonly #joined = new Set<string>();
  /** The open run that was seen last. */
  newest: string | undefined;
  /** True if the engine knew the key at a moment of this call. Then the call never starts it as if it were new. */
  isKnown = false;
  /** The last refusal by the engine's rate limits. */
  limited: EngineUnavailable | undefined;

  /** Records a run that is open. */
  join(runId: string): void {
    this.isKnown = true;
    this.#joined.add(runId);
    this.newest = runId;
  }

  /** Records a run as the engine describes it. */
  see({ runId, status }: CurrentRun): void {
    this.isKnown = true;
    if (status === 'running') this.join(runId);
  }

  hasJoined(runId: string): boolean {
    return this.#joined.has(runId);
  }
}

type Service = Client['workflowService'];
type Request = Parameters<Service['executeMultiOperation']>[0];
type Reply = Awaited<ReturnType<Service['executeMultiOperation']>>;

/** The start is done and its run is open; the client would send the start once more to wait for the answer. */
export class StillOpen extends Error {}

/** WORKFLOW_EXECUTION_STATUS_RUNNING of the engine's API. A server that is older than 1.28 names no status. */
const RUNNING = 1;

/**
 * Returns a client for one update with start. It records the run that the engine's reply names, and that the SDK shows only
 * in part: a reply from a closed run's memory has the status of that run. It sends the start once: a start that is
 * repeated while it waits would start a deleted key anew.
 */
export function observedStart(client: Client, sightings: Sightings): WorkflowClient {
  const { workflowService: service, workflow } = client;
  let isSent = false;
  const executeMultiOperation = async (request: Request): Promise<Reply> => {
    if (isSent) throw new StillOpen('the run is open, and its submission goes on');
    isSent = true;
    const reply = await service.executeMultiOperation(request);
    const start = reply.responses?.[0]?.startWorkflow;
    sightings.isKnown = true;
    const status: number = start?.status ?? RUNNING;
    if (start?.runId && (start.started === true || status === RUNNING)) sightings.join(start.runId);
    return reply;
  };
  const observed: unknown = Object.create(service, {
    executeMultiOperation: { value: executeMultiOperation },
  });
  const workflowClient: WorkflowClient = Object.create(workflow, { workflowService: { value: observed } });
  return workflowClient;
}

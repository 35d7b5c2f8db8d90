import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client, WithStartWorkflowOperation, WorkflowClient } from '@temporalio/client';
import type { SubmitAnswer } from '../render/outcome.js';
import { SUBMIT_UPDATE_ID, submitUpdate, WORKFLOWS } from '../workflows/messages.js';
import type { PreparedCall } from './prepare.js';
import type { Sightings } from './sightings.js';

/** A submission takes about a second. A call that waits longer looks at its run, at growing intervals until it is there. */
const FIRST_GLANCE_MS = 500;
const GLANCES_MS = 5_000;

/**
 * Starts the key's first run, or joins an open one, and waits for the answer in the same call to the engine. While no worker
 * has accepted its update, the engine itself repeats a start whose run closes, also if that run is deleted. So the wait for
 * a worker goes on in another call, which starts nothing: then this one throws StillOpen.
 */
export async function startAndWait(
  client: Client,
  { key, signal }: PreparedCall,
  sightings: Sightings,
  startWorkflowOperation: WithStartWorkflowOperation<() => Promise<unknown>>,
): Promise<SubmitAnswer> {
  const [stop, over] = [new AbortController(), new AbortController()];
  const glancing = untilServed(client, key, sightings, over.signal).then((isServed) => {
    if (isServed === false) stop.abort();
  });
  const signals = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  // Each question to the engine adds a listener.
  setMaxListeners(0, signals, over.signal);
  try {
    return await client.withAbortSignal(signals, () =>
      observedStart(client, sightings).executeUpdateWithStart(submitUpdate, {
        startWorkflowOperation,
        updateId: SUBMIT_UPDATE_ID,
      }),
    );
  } catch (error) {
    if (stop.signal.aborted) throw new StillOpen('the run is open, and its submission goes on');
    throw error;
  } finally {
    over.abort();
    await glancing;
  }
}

/** Waits until the run is there. Returns false if the call must not wait in its start any longer. */
async function untilServed(
  client: Client,
  key: string,
  sightings: Sightings,
  over: AbortSignal,
): Promise<boolean | undefined> {
  for (let waitMs = FIRST_GLANCE_MS; ; waitMs = Math.min(waitMs * 2, GLANCES_MS)) {
    await pause(waitMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return undefined;
    const run = await glance(client, key, over).catch(() => undefined);
    if (run === undefined) continue;
    const { type, status, runId, raw } = run;
    if (type !== WORKFLOWS.render) return false;
    if (status.name !== 'RUNNING') continue;
    sightings.join(runId);
    return !raw.pendingWorkflowTask;
  }
}

function glance(client: Client, key: string, over: AbortSignal) {
  return client.withAbortSignal(over, () => client.workflow.getHandle(key).describe());
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
function observedStart(client: Client, sightings: Sightings): WorkflowClient {
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

import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/** RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL and _UPDATE of the engine's API. */
const SIGNALS_AND_UPDATES = [1, 2];

/** Resets a key's newest run, or the one that is named, as an operator does in the UI, to one of its workflow tasks. */
export async function resetRun(
  client: Client,
  key: string,
  to: 'first' | 'middle' | 'last',
  reapply: boolean,
  of?: string,
): Promise<string> {
  const history = await client.workflow.getHandle(key, of).fetchHistory();
  const tasks = (history.events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const index = { first: 0, middle: Math.floor((tasks.length - 1) / 2), last: tasks.length - 1 }[to];
  const eventId = tasks[index]?.eventId;
  if (!eventId) throw new Error('the run has completed no workflow task yet');
  const { runId } = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: key, runId: of ?? '' },
    reason: 'test',
    requestId: randomUUID(),
    workflowTaskFinishEventId: eventId,
    resetReapplyExcludeTypes: reapply ? [] : SIGNALS_AND_UPDATES,
  });
  return runId;
}

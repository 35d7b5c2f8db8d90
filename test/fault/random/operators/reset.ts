import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import type { Deed } from './script.js';

/** RESET_REAPPLY_EXCLUDE_TYPE_SIGNAL and _UPDATE of the engine's API. */
const EXCLUDED = { signals: 1, updates: 2 } as const;

/** Resets a run of a key to one of its completed workflow tasks. Returns what was done, in words. */
export async function resetKey(
  client: Client,
  key: string,
  { to, draw, without, older }: Extract<Deed, { do: 'reset' }>,
): Promise<string> {
  const runId = older ? await olderRun(client, key) : undefined;
  const handle = client.workflow.getHandle(key, runId);
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  const index = { first: 0, any: Math.floor(draw * tasks.length), last: tasks.length - 1 }[to];
  const eventId = tasks[index]?.eventId;
  if (!eventId) return 'refused: no workflow task was completed';
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: key, runId: runId ?? '' },
    reason: 'drawn',
    requestId: randomUUID(),
    workflowTaskFinishEventId: eventId,
    resetReapplyExcludeTypes: without.map((each) => EXCLUDED[each]),
  });
  return `reset to event ${String(eventId)}, task ${index + 1} of ${tasks.length}`;
}

/** A run that others have followed. */
async function olderRun(client: Client, key: string): Promise<string | undefined> {
  const runs: { readonly runId: string; readonly startedMs: number }[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId="${key}"` })) {
    runs.push({ runId, startedMs: startTime.getTime() });
  }
  return runs.toSorted((one, other) => one.startedMs - other.startedMs)[0]?.runId;
}

import type { Client } from '@temporalio/client';
import { checksQueueOf } from '../workflows/messages.js';

/** The engine lists pollers for minutes after they have gone; a live one asks again within its long poll of a minute. */
const POLLER_SILENT_MS = 75_000;

/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY of the engine's API. */
const WORKFLOW_TASKS = 1;
const ACTIVITY_TASKS = 2;

/** Returns true if a worker polls the task queue now, as far as the engine can tell. */
export async function hasWorker(client: Client, taskQueue: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: WORKFLOW_TASKS,
  });
  const now = Date.now();
  return (pollers ?? []).some((poller) => {
    const seenMs = Number(poller.lastAccessTime?.seconds ?? 0) * 1_000;
    return now - seenMs < POLLER_SILENT_MS;
  });
}

/**
 * Counts the requests to the provider that are due and wait in the task queues, for a free worker or for the limit of
 * their rate. The engine's count is about right.
 */
export async function readBacklog(
  client: Client,
  taskQueue: string,
): Promise<{ readonly requests: number; readonly oldestSeconds: number }> {
  const both = await Promise.all(
    [taskQueue, checksQueueOf(taskQueue)].map((name) =>
      client.workflowService.describeTaskQueue({
        namespace: client.options.namespace,
        taskQueue: { name },
        taskQueueType: ACTIVITY_TASKS,
        reportStats: true,
      }),
    ),
  );
  const requests = both.map(({ stats }) => Number(stats?.approximateBacklogCount ?? 0));
  const ages = both.map(({ stats }) => Number(stats?.approximateBacklogAge?.seconds ?? 0));
  return { requests: requests.reduce((sum, count) => sum + count), oldestSeconds: Math.max(...ages) };
}

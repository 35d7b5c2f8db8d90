/** Health check of a worker's container: ends with 0 when the engine has seen a poll on its task queue of late. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** A poll lasts a minute when there is nothing to do. */
const RECENT_MS = 90_000;
const WORKFLOW_TASKS = 1;

const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
const connection = await Connection.connect({ ...connectionOptions, connectTimeout: '5s' });
const client = new Client({ connection, namespace });
const { pollers } = await client.workflowService.describeTaskQueue({
  namespace,
  taskQueue: { name: process.env['RENDERONCE_TASK_QUEUE'] || 'renderonce' },
  taskQueueType: WORKFLOW_TASKS,
});
await connection.close();
const isPolled = pollers.some(
  ({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1_000 < RECENT_MS,
);
process.exitCode = isPolled ? 0 : 1;

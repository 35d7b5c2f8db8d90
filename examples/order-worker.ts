/** Runs `order-workflow.ts`. Beside it, `renderonce worker` runs the renders. */
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createRenderActivities } from 'renderonce/activities';

const { connectionOptions, namespace = 'default' } = loadClientConnectConfig(); // TEMPORAL_ADDRESS and similar variables
const { ORDERS_TASK_QUEUE = 'orders', RENDERONCE_TASK_QUEUE: taskQueue = 'renderonce' } = process.env;
const client = new Client({ connection: await Connection.connect(connectionOptions), namespace }); // where the renders live
const connection = await NativeConnection.connect(connectionOptions); // where the orders live: here the same engine

const worker = await Worker.create({
  connection,
  namespace,
  taskQueue: ORDERS_TASK_QUEUE,
  workflowsPath: new URL('order-workflow.js', import.meta.url).pathname,
  activities: createRenderActivities({ client, taskQueue }),
});
process.stdout.write(`orders ready: task queue ${ORDERS_TASK_QUEUE}\n`);
await worker.run(); // ends at SIGTERM
await Promise.all([connection.close(), client.connection.close()]);

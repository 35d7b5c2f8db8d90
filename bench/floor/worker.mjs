/**
 * A plain worker of the SDK with the settings of ours, on a task queue of its own: what durable execution costs at
 * the least on this machine. Needs `build`. Usage: `node worker.mjs <engine> <namespace> <task queue>`.
 */
import { fileURLToPath } from 'node:url';

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { WORKER_SETTINGS } from '../../build/worker/settings.js';

const [address, namespace, taskQueue] = process.argv.slice(2);
Runtime.install({
  logger: new DefaultLogger('WARN'),
  telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
});
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  identity: `floor@${process.pid}`,
  buildId: 'floor',
  workflowsPath: fileURLToPath(new URL('workflow.mjs', import.meta.url)),
  activities: { nothing: async () => undefined },
  ...WORKER_SETTINGS,
});
// It ends with the process that started it, however that ends.
process.once('disconnect', () => {
  if (worker.getState() === 'RUNNING') worker.shutdown();
});
process.channel?.unref();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
await worker.run();
await connection.close();

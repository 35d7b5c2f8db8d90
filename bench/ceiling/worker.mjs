/**
 * The ceiling: the least that a render by webhook costs on this machine. A worker and a receiver (`receiver.mjs`), written by
 * hand for the happy path alone, with the settings and the bundle options of ours. Needs `build`.
 * Usage: `node worker.mjs <engine> <namespace> <task queue> <provider> <API key> <receiver>`.
 */
import { fileURLToPath } from 'node:url';

import { activityInfo } from '@temporalio/activity';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Pool } from 'undici';
import { WORKER_SETTINGS } from '../../build/worker/settings.js';

const [address, namespace, taskQueue, provider, apiKey, receiver] = process.argv.slice(2);
const pool = new Pool(provider, { connections: 100, keepAliveTimeout: 1_000, keepAliveMaxTimeout: 1_000 });
const headers = { 'x-api-key': apiKey, 'content-type': 'application/json' };
const pathOf = (url) => fileURLToPath(new URL(url, import.meta.url));

async function askProvider(method, path, body) {
  const reply = await pool.request({ method, path, headers, body });
  if (reply.statusCode !== 200) throw new Error(`the provider answered ${reply.statusCode}`);
  return reply.body.json();
}

Runtime.install({
  logger: new DefaultLogger('WARN'),
  telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
});
const connection = await NativeConnection.connect({ address });

const activities = {
  submit: async (movie) => {
    const { workflowId } = activityInfo().workflowExecution;
    const endpoint = `${receiver}/${encodeURIComponent(workflowId)}`;
    const exports = [{ destinations: [{ type: 'webhook', endpoint }] }];
    const { project } = await askProvider('POST', '/v2/movies', JSON.stringify({ ...movie, exports }));
    return project;
  },
  confirm: async (project) => {
    const { movie } = await askProvider('GET', `/v2/movies?project=${project}`);
    if (movie.status !== 'done') throw new Error(`${project} is ${movie.status}`);
    return movie.url;
  },
};
const workflowsPath = pathOf('workflow.mjs');
const worker = await Worker.create({
  connection,
  namespace,
  taskQueue,
  identity: `ceiling@${process.pid}`,
  buildId: 'ceiling',
  workflowsPath,
  bundlerOptions: {
    preloadModules: [pathOf('../../build/workflows/no-stack-traces.js'), workflowsPath],
  },
  activities,
  ...WORKER_SETTINGS,
});
// It ends with the process that started it, however that ends.
process.once('disconnect', () => {
  if (worker.getState() === 'RUNNING') worker.shutdown();
});
process.channel?.unref();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
await worker.run();
await Promise.all([connection.close(), pool.destroy()]);

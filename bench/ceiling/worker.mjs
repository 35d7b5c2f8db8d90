/**
 * The ceiling: the least that a render by webhook costs on this machine. A worker and a receiver (`receiver.mjs`), written by
 * hand for the happy path alone, with the settings and the bundle options of ours. Needs `build`.
 * Usage: `node worker.mjs <engine> <namespace> <task queue> <provider> <API key> <receiver> [checks]`.
 */
import { fileURLToPath } from 'node:url';

import { activityInfo, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Pool } from 'undici';
import { WORKER_SETTINGS } from '../../build/worker/settings.js';

const [address, namespace, taskQueue, provider, apiKey, receiver, hasChecks] = process.argv.slice(2);
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
  submit: async (movie, isFenced) => {
    const { taskToken, workflowExecution } = activityInfo();
    const { workflowId } = workflowExecution;
    if (isFenced) await Context.current().client.activity.heartbeat(taskToken, { sending: true });
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
  /** As ours: the first attempt only sets the time of the first check. */
  watch: async () => {
    throw ApplicationFailure.create({
      message: 'the first check follows',
      category: 'BENIGN',
      nextRetryDelay: '1 minute',
    });
  },
};
const workflowsPath = pathOf('workflow.mjs');
const known = { connection, namespace, identity: `ceiling@${process.pid}`, activities };
const worker = await Worker.create({
  ...known,
  taskQueue,
  buildId: 'ceiling',
  workflowsPath,
  bundlerOptions: {
    preloadModules: [pathOf('../../build/workflows/no-stack-traces.js'), workflowsPath],
  },
  ...WORKER_SETTINGS,
});
// Only a ceiling with checks has a second worker.
const checks = hasChecks && (await Worker.create({ ...known, taskQueue: `${taskQueue}-checks` }));
const workers = [worker, ...(checks ? [checks] : [])];
// It ends with the process that started it, however that ends.
process.once('disconnect', () => {
  for (const each of workers) if (each.getState() === 'RUNNING') each.shutdown();
});
process.channel?.unref();
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
await Promise.all(workers.map((each) => each.run()));
await Promise.all([connection.close(), pool.destroy()]);

import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { GracefulShutdownPeriodExpiredError, NativeConnection, Worker } from '@temporalio/worker';
import type * as Activities from '../../src/activities/index.js';
import { eventSettings } from '../../src/cli/event-settings.js';
import { keepStore } from '../../src/cli/keep-store.js';
import { callbackUrls } from '../../src/cli/webhook.js';
import { requireApiKey, requireWebhookSecrets } from '../../src/cli/required.js';
import { readConfig } from '../../src/config.js';
import type * as Following from '../../src/worker/following.js';
import type * as Provider from '../../src/json2video/client.js';
import { type Receiver, startReceiver } from '../../src/receiver/index.js';
import type * as Metrics from '../../src/worker/metrics.js';
import type * as Settings from '../../src/worker/settings.js';
import type * as Queues from '../../src/worker/queues.js';
import { BUILD, loadCompiled } from './compiled.js';
import type { Env } from './processes.js';
import { quietRuntime } from './quiet-runtime.js';
import type { StageEngine } from './stage-engine.js';
import { taken } from './taken.js';

/** Ends a server or a worker that runs in this process. */
type Stop = () => Promise<void>;

/**
 * Runs a worker of compiled code in this process, as `renderonce worker` does with these variables: a process of its own
 * takes seven times as long to start. Without metrics, traces and encryption; for these, and to kill it, start a process.
 */
export async function hostWorker({ address, namespace }: StageEngine, env: Env): Promise<Stop> {
  quietRuntime();
  const config = readConfig(env);
  if (config.encryptionKeys !== undefined) throw new Error('a hosted worker has no encryption');
  const { createActivities } = await loadCompiled<typeof Activities>('activities/index.js');
  const { createJson2Video } = await loadCompiled<typeof Provider>('json2video/client.js');
  const { createWorkerMetrics } = await loadCompiled<typeof Metrics>('worker/metrics.js');
  const { WORKER_SETTINGS } = await loadCompiled<typeof Settings>('worker/settings.js');
  const connection = await NativeConnection.connect({ address });
  const { followingOf } = await loadCompiled<typeof Following>('worker/following.js');
  const { sinks, onRequest, onListLag, onDelivery } = createWorkerMetrics();
  const account = { url: config.json2videoUrl, apiKey: requireApiKey(config) };
  const keep = await keepStore(config);
  const followed = { events: await eventSettings(config.events), keep, keepHosts: config.keep.hosts };
  const following = followingOf({ ...followed, json2video: account }, onDelivery);
  const json2video = createJson2Video({ ...account, now: Date.now, onRequest });
  const callbackUrl = callbackUrls(config);
  const { createQueues } = await loadCompiled<typeof Queues>('worker/queues.js');
  const worker = await createQueues(Worker.create.bind(Worker), {
    ...WORKER_SETTINGS,
    connection,
    namespace,
    taskQueue: config.taskQueue,
    identity: `renderonce@${process.pid}`,
    buildId: 'renderonce',
    workflowBundle: { codePath: join(BUILD, 'workflow-bundle.js') },
    // In this thread: a thread of its own would load the SDK again.
    debugMode: true,
    sinks,
    providerRequestsPerSecond: config.providerRps,
    activities: createActivities({
      json2video,
      callbackUrl,
      lookFrom: config.lookFrom,
      budget: config.budget,
      creditsFloor: config.creditsFloor,
      onListLag,
      ...following.dependencies,
      now: Date.now,
      monotonicNow: () => performance.now(),
    }),
    shutdownForceTime: '30s',
  });
  const running = worker.run().catch((error: unknown) => {
    // What a test has parked does not end by itself.
    if (!(error instanceof GracefulShutdownPeriodExpiredError)) throw error;
  });
  return taken(`the worker of ${config.taskQueue}`, async () => {
    worker.shutdown();
    await running;
    await json2video.close();
    await following.close();
    keep?.close();
    await connection.close();
  });
}

/** Runs a receiver in this process, as `renderonce receiver` does with these variables. */
export async function hostReceiver(client: Client, env: Env): Promise<Receiver> {
  const secrets = requireWebhookSecrets(readConfig(env));
  const receiver = await startReceiver({ client, secrets, now: Date.now, host: '127.0.0.1', port: 0 });
  return { url: receiver.url, stop: taken(`the receiver at ${receiver.url}`, () => receiver.stop()) };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { engineOf } from '../connect.js';
import { eventSettings } from '../event-settings.js';
import { keepStore } from '../keep-store.js';
import { createLogger } from '../local/logger.js';
import { serve, type Service } from '../local/serve.js';
import type { Output } from '../print/output.js';
import { requireApiKey } from '../required.js';
import { callbackUrls, notPublicBecause } from '../webhook.js';
import { openMonitor } from './worker/monitor.js';
import { versionReport } from './worker/version-lines.js';
import { type Config, readConfig } from '../../config.js';
import { connectClient } from '../../temporal/connect.js';
import { readVersions } from '../../temporal/deployments.js';
import { requireEngineSetup } from '../../temporal/namespace.js';
import { isLoopback } from '../../text/text.js';
import { createRenderWorker, type RenderWorker } from '../../worker.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import type { SdkMetrics } from '../../worker/sdk-metrics.js';

type Monitor = NonNullable<Awaited<ReturnType<typeof openMonitor>>>;

/** Parts of the worker that this process has started so far. */
interface Hosted {
  worker?: RenderWorker;
  sdkMetrics?: SdkMetrics | undefined;
}

/** Creates `renderonce worker`, which hosts the workflow and its activities. */
export function workerCommand(): Command {
  return newCommand('worker', ['worker', 'worker --json']).action(async (options: CommonOptions) => {
    await run(options, work);
  });
}

/** Longest wait for the runtime's end: a worker that its engine has refused may leave a request in flight. */
const SHUT_DOWN_MS = 5_000;

async function work(output: Output): Promise<void> {
  requireWorkerPackages();
  const config = readConfig(process.env);
  const hosted: Hosted = {};
  // The monitor starts first: it answers from now on, and a taken port is an error before any work has begun.
  const monitor = await openMonitor(config.workerListen, {
    isReady: () => hosted.worker?.isPolling === true,
    metrics: async () =>
      [await hosted.worker?.metrics(), await hosted.sdkMetrics?.text()].filter(Boolean).join('\n'),
  });
  try {
    await hostWorker(config, hosted, monitor, output);
  } finally {
    await monitor?.stop();
  }
}

async function hostWorker(
  config: Config,
  hosted: Hosted,
  monitor: Monitor | undefined,
  output: Output,
): Promise<void> {
  const apiKey = requireApiKey(config);
  const { json2videoUrl: url } = config;
  const engine = engineOf(config);
  const logger = createLogger(config.logLevel);
  const { warning: engineWarning, versions } = await askEngineFirst(engine, config);
  for (const warning of [engineWarning, webhookUrlWarning(config)]) {
    if (warning !== undefined) logger.warn(warning);
  }
  keepHeapSmall();
  const { installRuntime } = await import('./worker/runtime.js');
  const runtime = installRuntime(logger, monitor !== undefined);
  const keep = await keepStore(config);
  hosted.sdkMetrics = runtime.metrics;
  try {
    const options = { ...(await optionsOf(config)), ...engine, json2video: { url, apiKey }, keep };
    const worker = await createRenderWorker(options);
    hosted.worker = worker;
    const target = { namespace: engine.namespace, address: engine.connectionOptions.address };
    const report = worker.version && versionReport(worker.version, versions, target);
    const lines = [...linesOf(config, engine, monitor), ...(report?.lines ?? [])];
    const facts = { ...(monitor === undefined ? {} : { url: monitor.url }), ...report?.facts };
    await serve({ facts, lines, ...hostedService(worker) }, output);
  } finally {
    keep?.close();
    await Promise.race([runtime.shutDown(), sleep(SHUT_DOWN_MS, undefined, { ref: false })]);
  }
}

async function optionsOf(config: Config) {
  return {
    taskQueue: config.taskQueue,
    callbackUrl: callbackUrls(config),
    providerRequestsPerSecond: config.providerRps,
    lookFrom: config.lookFrom,
    events: await eventSettings(config.events),
    budget: config.budget,
    creditsFloor: config.creditsFloor,
    keepHosts: config.keep.hosts,
    tracing: config.traces,
    stackTraces: ['trace', 'debug'].includes(config.logLevel),
    deployment: config.deployment,
  };
}

/** Checks the engine at the start of the worker, so that a fault shows before the first render fails. */
async function askEngineFirst(engine: ReturnType<typeof engineOf>, { keyMemoryDays, deployment }: Config) {
  const client = await connectClient(engine);
  try {
    const warning = await requireEngineSetup(client, keyMemoryDays);
    // A worker's role may not be allowed to ask.
    const versions = deployment && (await readVersions(client, deployment.name).catch(() => undefined));
    return { warning, versions };
  } finally {
    await client.connection.close();
  }
}

/** Returns a warning if the provider may not be able to report to the receiver. */
function webhookUrlWarning({ webhookUrl, json2videoUrl }: Config): string | undefined {
  // A local JSON2Video reports to local addresses, too.
  if (webhookUrl === undefined || isLoopback(new URL(json2videoUrl).hostname)) return undefined;
  const reason = notPublicBecause(webhookUrl);
  if (reason === undefined) return undefined;
  return (
    `RENDERONCE_WEBHOOK_URL is ${webhookUrl}, and ${reason}: JSON2Video reports to public https addresses only, ` +
    'so only the slower safety checks see that a render has ended.'
  );
}

/**
 * Makes V8 collect garbage before a heap has grown by half since the last collection, and keep young objects in 4 MB
 * spaces, in every thread that starts from now on; by default heaps grow with the machine's memory. This fits a process
 * that waits more than it computes; bench/README.md has its saving and its cost.
 */
function keepHeapSmall(): void {
  for (const flag of [
    '--heap-growing-percent=50',
    '--initial-old-space-size=64',
    '--max-semi-space-size=4',
  ]) {
    setFlagsFromString(flag);
  }
}

function linesOf(
  { taskQueue }: Config,
  engine: ReturnType<typeof engineOf>,
  monitor: Monitor | undefined,
): string[] {
  const { address } = engine.connectionOptions;
  return [
    `worker ready: task queue ${taskQueue}, namespace ${engine.namespace}, engine ${address}`,
    ...(monitor === undefined ? [] : [`health at ${monitor.url}/readyz, metrics at ${monitor.url}/metrics`]),
  ];
}

function hostedService(worker: RenderWorker): Pick<Service, 'failed' | 'stop'> {
  const ended = worker.run();
  const endedByItself = async (): Promise<never> => {
    await ended;
    throw new Error('the worker stopped by itself');
  };
  return {
    failed: endedByItself(),
    stop: async () => {
      worker.shutdown();
      await ended;
    },
  };
}

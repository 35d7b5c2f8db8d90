import type { Command } from 'commander';
import { type Config, readConfig, requireApiKey } from '../../config.js';
import { connectClient, type EngineAddress } from '../../temporal/connect.js';
import { createRenderWorker, type RenderWorker } from '../../worker.js';
import { type Monitor, startMonitor } from '../../worker/monitor.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import type { SdkMetrics } from '../../worker/sdk-metrics.js';
import { callbackUrls, webhookUrlWarning } from '../local/callback-url.js';
import { type CommonOptions, newCommand, run } from '../command.js';
import { requireEngineSetup } from '../../temporal/namespace.js';
import { keepHeapSmall } from '../local/heap.js';
import { isTaken, listening } from '../local/listening.js';
import { createLogger } from '../local/logger.js';
import type { Output } from '../print/output.js';
import { serve, type Service } from '../local/serve.js';
import { engineAddress } from '../local/surroundings.js';

/** What this process has started so far. */
interface Hosted {
  worker?: RenderWorker;
  sdkMetrics?: SdkMetrics | undefined;
}

/** `renderonce worker`: hosts the workflow and its activities. */
export function workerCommand(): Command {
  return newCommand('worker', ['worker', 'worker --json']).action((options: CommonOptions) =>
    run(options, async (output) => {
      requireWorkerPackages();
      const config = readConfig(process.env);
      const hosted: Hosted = {};
      // First of all: from here on it can be asked, and a port that is taken is told before anything is begun.
      const monitor = await monitorOf(config, hosted);
      try {
        await hostWorker(config, hosted, monitor, output);
      } finally {
        await monitor?.stop();
      }
    }),
  );
}

async function monitorOf({ workerListen }: Config, hosted: Readonly<Hosted>): Promise<Monitor | undefined> {
  if (workerListen === undefined) return undefined;
  const { host, port, orAnyPort = false } = workerListen;
  const start = (at: number): Promise<Monitor> =>
    startMonitor({
      host,
      port: at,
      isReady: () => hosted.worker?.isPolling === true,
      metrics: async () =>
        [await hosted.worker?.metrics(), await hosted.sdkMetrics?.text()].filter(Boolean).join('\n'),
    });
  return listening('RENDERONCE_WORKER_LISTEN', workerListen, () =>
    start(port).catch((error: unknown) => {
      if (orAnyPort && isTaken(error)) return start(0);
      throw error;
    }),
  );
}

async function hostWorker(
  config: Config,
  hosted: Hosted,
  monitor: Monitor | undefined,
  output: Output,
): Promise<void> {
  const apiKey = requireApiKey(config);
  const engine = engineAddress(config);
  const callbackUrl = callbackUrls(config);
  const logger = createLogger(config.logLevel);
  for (const warning of [await checkEngine(engine, config), webhookUrlWarning(config)]) {
    if (warning !== undefined) logger.warn(warning);
  }
  keepHeapSmall();
  const { installRuntime, shutDownRuntime } = await import('../local/runtime.js');
  hosted.sdkMetrics = installRuntime(logger, monitor !== undefined);
  try {
    const json2video = { url: config.json2videoUrl, apiKey };
    const worker = await createRenderWorker({
      ...engine,
      taskQueue: config.taskQueue,
      json2video,
      callbackUrl,
      providerRequestsPerSecond: config.providerRps,
      tracing: config.traces,
    });
    hosted.worker = worker;
    await serve(serviceOf(worker, linesOf(config, engine, monitor), monitor), output);
  } finally {
    hosted.sdkMetrics?.close();
    await shutDownRuntime();
  }
}

/** A worker that cannot run renders should say so at its start, not in the first render's failure. */
async function checkEngine(engine: EngineAddress, config: Config): Promise<string | undefined> {
  const client = await connectClient(engine);
  try {
    return await requireEngineSetup(client, config.keyMemoryDays);
  } finally {
    await client.connection.close();
  }
}

function linesOf({ taskQueue }: Config, engine: EngineAddress, monitor: Monitor | undefined): string[] {
  const address = engine.connectionOptions.address ?? 'localhost:7233';
  return [
    `worker ready: task queue ${taskQueue}, namespace ${engine.namespace}, engine ${address}`,
    ...(monitor === undefined ? [] : [`health at ${monitor.url}/readyz, metrics at ${monitor.url}/metrics`]),
  ];
}

function serviceOf(worker: RenderWorker, lines: string[], monitor: Monitor | undefined): Service {
  const ended = worker.run();
  const endedByItself = async (): Promise<never> => {
    await ended;
    throw new Error('the worker stopped by itself');
  };
  return {
    facts: monitor === undefined ? {} : { url: monitor.url },
    lines,
    failed: endedByItself(),
    stop: async () => {
      worker.shutdown();
      await ended;
    },
  };
}

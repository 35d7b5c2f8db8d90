import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { engineOf } from '../connect.js';
import { eventSettings } from '../event-settings.js';
import { keepStore } from '../keep-store.js';
import { createLogger } from '../local/logger.js';
import { listening, serve, type Service } from '../local/serve.js';
import type { Output } from '../print/output.js';
import { requireApiKey } from '../required.js';
import { callbackUrls, notPublicBecause } from '../webhook.js';
import { type Config, readConfig } from '../../config.js';
import { connectClient } from '../../temporal/connect.js';
import { requireEngineSetup } from '../../temporal/namespace.js';
import { isLoopback } from '../../text/text.js';
import { createRenderWorker, type RenderWorker } from '../../worker.js';
import { requireWorkerPackages } from '../../worker/packages.js';
import type { SdkMetrics } from '../../worker/sdk-metrics.js';

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
  const monitor = await monitorOf(config, hosted);
  try {
    await hostWorker(config, hosted, monitor, output);
  } finally {
    await monitor?.stop();
  }
}

async function monitorOf({ workerListen }: Config, hosted: Readonly<Hosted>): Promise<Monitor | undefined> {
  if (workerListen === undefined) return undefined;
  return listening('worker', workerListen, (host, port) =>
    startMonitor({
      host,
      port,
      isReady: () => hosted.worker?.isPolling === true,
      metrics: async () =>
        [await hosted.worker?.metrics(), await hosted.sdkMetrics?.text()].filter(Boolean).join('\n'),
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
  const engine = engineOf(config);
  const logger = createLogger(config.logLevel);
  for (const warning of [await checkEngine(engine, config), webhookUrlWarning(config)]) {
    if (warning !== undefined) logger.warn(warning);
  }
  keepHeapSmall();
  const { installRuntime } = await import('./worker/runtime.js');
  const runtime = installRuntime(logger, monitor !== undefined);
  const keep = await keepStore(config);
  hosted.sdkMetrics = runtime.metrics;
  try {
    const worker = await createRenderWorker({
      ...engine,
      taskQueue: config.taskQueue,
      json2video: { url: config.json2videoUrl, apiKey },
      callbackUrl: callbackUrls(config),
      providerRequestsPerSecond: config.providerRps,
      lookFrom: config.lookFrom,
      events: await eventSettings(config.events),
      budget: config.budget,
      creditsFloor: config.creditsFloor,
      keep,
      keepHosts: config.keep.hosts,
      tracing: config.traces,
      stackTraces: ['trace', 'debug'].includes(config.logLevel),
    });
    hosted.worker = worker;
    await serve(serviceOf(worker, linesOf(config, engine, monitor), monitor), output);
  } finally {
    keep?.close();
    await Promise.race([runtime.shutDown(), sleep(SHUT_DOWN_MS, undefined, { ref: false })]);
  }
}

/** Checks the engine at the start of the worker, so that a fault shows before the first render fails. */
async function checkEngine(engine: ReturnType<typeof engineOf>, config: Config): Promise<string | undefined> {
  const client = await connectClient(engine);
  try {
    return await requireEngineSetup(client, config.keyMemoryDays);
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

/** Address and sources of a monitor. */
interface MonitorOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** True if the worker polls for work. */
  readonly isReady: () => boolean;
  /** Returns the metrics in Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** A monitor that listens. */
export interface Monitor {
  /** Address at which it listens, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves `/healthz`, `/readyz` and `/metrics`. They hold no secret, and they change nothing. */
async function startMonitor({ host, port, isReady, metrics }: MonitorOptions): Promise<Monitor> {
  // A worker without a monitor starts faster without this import.
  const { fastify } = await import('fastify');
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  app.get('/healthz', (_request, reply) => reply.send({ ok: true }));
  app.get('/readyz', (_request, reply) => reply.code(isReady() ? 200 : 503).send({ ok: isReady() }));
  app.get('/metrics', async (_request, reply) => reply.type(TEXT_FORMAT).send(await metrics()));
  const url = await app.listen({ host, port });
  return { url, stop: () => app.close() };
}

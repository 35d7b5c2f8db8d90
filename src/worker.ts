/**
 * For those who host the workflow in a process of their own; needs the optional peers `@temporalio/worker` and
 * `@temporalio/activity`.
 *
 * @module renderonce/worker
 */
import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type {
  ActivityInterceptorsFactory,
  NativeConnectionOptions,
  Worker,
  WorkerOptions,
} from '@temporalio/worker';
import type { Registry } from 'prom-client';
import { createJson2Video, type OnRequest } from './json2video/client.js';
import { EngineUnavailable } from './render/errors.js';
import { messageOf, shorten } from './text/text.js';
import { Census } from './worker/census.js';
import { watchRenders } from './worker/census-metrics.js';
import { logProject } from './worker/log-project.js';
import { createWorkerMetrics } from './worker/metrics.js';
import { requireTracingPackage, requireWorkerPackages } from './worker/packages.js';
import { WORKER_SETTINGS } from './worker/settings.js';

/** What a worker needs: an engine, an account at the provider, and perhaps the address of a receiver. */
export interface RenderWorkerOptions {
  readonly connectionOptions: NativeConnectionOptions;
  readonly namespace: string;
  /** `renderonce` by default; the same as the starters'. */
  readonly taskQueue?: string;
  /** As the starters' clients have it; with codecs in it, messages of failures go through them too. */
  readonly dataConverter?: DataConverter;
  readonly json2video: { readonly url: string; readonly apiKey: string };
  /**
   * Provider requests a second, of all workers of the task queue together: the engine hands its tasks out no faster, and
   * submissions first. The same for each worker, since the newest word counts. Unlimited by default.
   */
  readonly providerRequestsPerSecond?: number | undefined;
  /** Makes the address to which the provider reports the end of a render; without it renders are watched by polling. */
  readonly callbackUrl?: ((key: string, expiresAt: Date) => string) | undefined;
  /** Makes spans of activities and of requests to the provider; needs the optional peer `@opentelemetry/api`. */
  readonly tracing?: boolean;
}

/** A worker that is connected and ready to run. */
export interface RenderWorker {
  /** Polls until `shutdown`, then finishes what is in flight and closes its connections. */
  run(): Promise<void>;
  /** Takes no new work; `run` resolves when what is in flight has ended. */
  shutdown(): void;
  /** Whether it takes work: false before `run`, and from `shutdown` on. */
  readonly isPolling: boolean;
  /** What it has done, and how many renders are where, in Prometheus' text format; docs/metrics.md names all of it. */
  metrics(): Promise<string>;
}

/** Longer than the longest submit attempt that the options allow, so that a stop never cuts a POST off from its reply. */
const SHUTDOWN_GRACE = '650s';

/**
 * Creates a worker that hosts the render workflow and its activities. Install Temporal's `Runtime` with your logger
 * before, if you have one.
 *
 * @throws WorkerNotInstalled, EngineUnavailable; ConfigInvalid where tracing is asked for and its package is absent
 */
export async function createRenderWorker(options: RenderWorkerOptions): Promise<RenderWorker> {
  const { connectionOptions, namespace, taskQueue = 'renderonce' } = options;
  const { NativeConnection, Worker, createActivities } = await loadWorkerPackages();
  const tracing = options.tracing === true ? await loadTracing() : undefined;
  const connection = await NativeConnection.connect(connectionOptions).catch((error: unknown) => {
    throw unreachable(connectionOptions, error);
  });
  const { registry, sinks, onRequest } = createWorkerMetrics();
  watchRenders(registry, new Census(new Client({ connection, namespace }), Date.now));
  const json2video = createJson2Video({
    ...options.json2video,
    now: Date.now,
    onRequest: tracing === undefined ? onRequest : both(onRequest, tracing.traceRequests),
  });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    // Both stand in every history's events; short ones keep histories small.
    identity: `renderonce@${process.pid}`,
    buildId: 'renderonce',
    ...workflowsFor(options.dataConverter, [logProject, ...(tracing ? [tracing.traceActivities] : [])]),
    activities: createActivities({
      json2video,
      callbackUrl: options.callbackUrl,
      now: Date.now,
      monotonicNow: () => performance.now(),
    }),
    sinks,
    ...paceOf(options.providerRequestsPerSecond),
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...WORKER_SETTINGS,
  });
  return renderWorker(worker, registry, async () => {
    await json2video.close();
    await connection.close();
  });
}

function unreachable(
  { address = 'localhost:7233' }: NativeConnectionOptions,
  cause: unknown,
): EngineUnavailable {
  return new EngineUnavailable(`no engine answers at ${address}: ${shorten(messageOf(cause))}`, { cause });
}

function renderWorker(
  worker: Worker,
  registry: Pick<Registry, 'metrics'>,
  close: () => Promise<void>,
): RenderWorker {
  return {
    run: async () => {
      try {
        await worker.run();
      } finally {
        await close();
      }
    },
    shutdown: () => worker.shutdown(),
    get isPolling() {
      return worker.getState() === 'RUNNING';
    },
    metrics: () => registry.metrics(),
  };
}

/** What needs the optional peers is loaded where a worker is made, so that importing this file tells what is missing. */
async function loadWorkerPackages() {
  requireWorkerPackages();
  const [{ NativeConnection, Worker }, { createActivities }] = await Promise.all([
    import('@temporalio/worker'),
    import('./activities/index.js'),
  ]);
  return { NativeConnection, Worker, createActivities };
}

function loadTracing() {
  requireTracingPackage();
  return import('./worker/tracing.js');
}

function both(one: OnRequest, other: OnRequest): OnRequest {
  return (call) => {
    const ended = [one(call), other(call)];
    return (status) => {
      for (const each of ended) each(status);
    };
  };
}

/** Compiled and source files are bundled alike: the extension follows this file's own. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));
}

/** Activities call the provider, each about once, so that the engine's limit of activity tasks limits requests. */
function paceOf(
  requestsPerSecond: number | undefined,
): Pick<WorkerOptions, 'maxTaskQueueActivitiesPerSecond'> {
  return requestsPerSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: requestsPerSecond };
}

/** The build bundles the workflows once; what a data converter adds to them is bundled when the worker starts. */
function workflowsFor(
  dataConverter: DataConverter | undefined,
  activity: ActivityInterceptorsFactory[],
): Pick<WorkerOptions, 'workflowsPath' | 'workflowBundle' | 'dataConverter' | 'interceptors'> {
  const codePath = pathOf('workflow-bundle');
  if (dataConverter === undefined && existsSync(codePath)) {
    return { workflowBundle: { codePath }, interceptors: { activity } };
  }
  return {
    workflowsPath: pathOf('workflows/index'),
    interceptors: { activity, workflowModules: [pathOf('workflows/interceptors')] },
    ...(dataConverter === undefined ? {} : { dataConverter: withFailures(dataConverter) }),
  };
}

/** Messages of failures hold the provider's words, which quote movies: what encrypts payloads encrypts them too. */
function withFailures(dataConverter: DataConverter): DataConverter {
  if (dataConverter.payloadCodecs === undefined) return dataConverter;
  return { failureConverterPath: pathOf('codec/failure-converter'), ...dataConverter };
}

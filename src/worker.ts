/**
 * Hosts the workflow and its activities in a process of yours; needs the optional peers `@temporalio/worker` and
 * `@temporalio/activity`.
 *
 * @module renderonce/worker
 */
import { Client } from '@temporalio/client';
import type { WorkerDeploymentVersion } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Registry } from 'prom-client';
import { createJson2Video, type OnRequest } from './json2video/client.js';
import { requireNamespaceOfMarks } from './json2video/namespaces-in-list.js';
import { ConfigInvalid, EngineUnavailable } from './render/errors.js';
import { showBudgets } from './starter/budgets.js';
import { isJsonObject } from './text/json.js';
import { messageOf, shorten } from './text/text.js';
import { watchBudgets } from './worker/budget-gauges.js';
import { Census, watchRenders } from './worker/census.js';
import { followingOf } from './worker/following.js';
import { createWorkerMetrics } from './worker/metrics.js';
import type { RenderWorkerOptions } from './worker/options.js';
import { requireWorkerPackages } from './worker/packages.js';
import { createQueues } from './worker/queues.js';
import { WORKER_SETTINGS } from './worker/settings.js';
import { versionOptions, workerVersion } from './worker/version.js';
import { EngineWatch } from './worker/watch-engine.js';
import { workflowCode } from './worker/workflow-code.js';

export type { RenderWorkerOptions };

/** A connected worker, ready to run. */
export interface RenderWorker {
  /**
   * Polls until `shutdown`, then finishes the tasks in progress and closes its connections.
   *
   * @throws EngineNotSetUp if its namespace is gone; EngineUnavailable if the engine refuses it for good, or it cannot go on
   */
  run(): Promise<void>;
  /** Takes no new tasks; `run` resolves when the tasks in progress have ended. */
  shutdown(): void;
  /** True from `run` until `shutdown`, while it takes tasks and the engine lets it in. */
  readonly isPolling: boolean;
  /** Version of a versioned worker: it gets tasks only while this version is current or ramping. */
  readonly version: WorkerDeploymentVersion | undefined;
  /** Returns its metrics in Prometheus' text format; docs/metrics.md lists them. */
  metrics(): Promise<string>;
}

/** Longer than the longest submit attempt that the options allow, so that a stop never separates a POST from its reply. */
const SHUTDOWN_GRACE = '650s';

const CLOCKS = { now: Date.now, monotonicNow: () => performance.now() };

/**
 * Creates a worker that hosts the render workflow and its activities. If you have a logger, install Temporal's `Runtime`
 * with it before.
 *
 * @throws WorkerNotInstalled, EngineUnavailable; ConfigInvalid if `tracing` is on and its package is absent, or if with
 *   `lookFrom` the provider's list has marks of other namespaces only
 */
export async function createRenderWorker(options: RenderWorkerOptions): Promise<RenderWorker> {
  const { connectionOptions, namespace, taskQueue = 'renderonce', deployment } = options;
  const version = deployment && workerVersion(deployment);
  const { NativeConnection, Worker, createActivities } = await loadWorkerPackages();
  const tracing = options.tracing === true ? await loadTracing() : undefined;
  const connection = await NativeConnection.connect(connectionOptions).catch((cause: unknown) => {
    const { address = 'localhost:7233' } = connectionOptions;
    throw new EngineUnavailable(`no engine answers at ${address}: ${shorten(messageOf(cause))}`, { cause });
  });
  const { registry, sinks, onRequest, onListLag, onDelivery, onCopy } = createWorkerMetrics();
  const client = new Client({ connection, namespace });
  watchRenders(registry, new Census(client, Date.now));
  watchBudgets(registry, () => showBudgets(client, taskQueue));
  const traced = tracing === undefined ? onRequest : both(onRequest, tracing.traceRequests);
  const json2video = createJson2Video({ ...options.json2video, now: Date.now, onRequest: traced });
  if (options.lookFrom !== undefined) await requireNamespaceOfMarks(json2video, namespace, options.lookFrom);
  const following = followingOf(options, onDelivery, onCopy);
  const worker = await createQueues(Worker.create.bind(Worker), {
    connection,
    namespace,
    taskQueue,
    // Every event of a history has both; short ones keep histories small.
    identity: `renderonce@${process.pid}`,
    ...versionOptions(version),
    ...workflowCode(options, [logProject, ...(tracing ? [tracing.traceActivities] : [])]),
    activities: createActivities({
      ...forActivities(options),
      json2video,
      onListLag,
      ...following.dependencies,
      ...CLOCKS,
    }),
    sinks,
    providerRequestsPerSecond: options.providerRequestsPerSecond,
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...WORKER_SETTINGS,
  });
  const parts = [json2video, following, connection];
  return renderWorker({ worker, version, registry, engine: new EngineWatch(client), parts });
}

function forActivities({ callbackUrl, lookFrom, budget, creditsFloor }: RenderWorkerOptions) {
  return { callbackUrl, lookFrom, budget, creditsFloor };
}

interface RenderWorkerParts {
  readonly worker: Awaited<ReturnType<typeof createQueues>>;
  readonly version: WorkerDeploymentVersion | undefined;
  readonly registry: Pick<Registry, 'metrics'>;
  readonly engine: EngineWatch;
  readonly parts: readonly { close(): Promise<void> }[];
}

function renderWorker({ worker, version, registry, engine, parts }: RenderWorkerParts): RenderWorker {
  const isRunning = (): boolean => worker.getState() === 'RUNNING';
  const run = async (): Promise<void> => {
    try {
      await worker.run();
    } finally {
      for (const part of parts) await part.close();
    }
  };
  // The SDK throws if a worker that has failed is shut down.
  const shutdown = (): void => void (isRunning() && worker.shutdown());
  return {
    run: () => engine.run({ run, shutdown }),
    shutdown,
    version,
    get isPolling() {
      return isRunning() && !engine.isRefused;
    },
    metrics: () => registry.metrics(),
  };
}

/** Loads the optional peers when a worker is made, so that an import of this file works without them. */
async function loadWorkerPackages() {
  requireWorkerPackages();
  const [{ NativeConnection, Worker }, { createActivities }] = await Promise.all([
    import('@temporalio/worker'),
    import('./activities/index.js'),
  ]);
  return { NativeConnection, Worker, createActivities };
}

/** Adds the project to an activity's log lines, if the activity is about one. The SDK adds the key. */
function logProject(): ActivityInterceptors {
  let fields = {};
  return {
    inbound: {
      execute: (input, next) => {
        const [request] = input.args;
        if (isJsonObject(request) && typeof request['project'] === 'string') {
          fields = { project: request['project'] };
        }
        return next(input);
      },
    },
    outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...fields }) },
  };
}

/** Loads what makes traces. @throws ConfigInvalid if its package is absent */
function loadTracing() {
  try {
    import.meta.resolve('@opentelemetry/api');
  } catch {
    throw new ConfigInvalid(
      'traces are switched on, but package @opentelemetry/api is not installed',
      'Run `npm install @opentelemetry/api@1` and register an OpenTelemetry SDK (docs/metrics.md), or switch RENDERONCE_TRACES off.',
    );
  }
  return import('./worker/tracing.js');
}

/** Calls two hooks for each request. */
function both(one: OnRequest, other: OnRequest): OnRequest {
  return (call) => {
    const ended = [one(call), other(call)];
    return (status) => {
      for (const each of ended) each(status);
    };
  };
}

import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import { createActivities } from '../../src/activities/index.js';
import type { ActivityDependencies } from '../../src/activities/dependencies.js';
import type { Json2Video } from '../../src/json2video/client.js';
import type { JsonObject } from '../../src/text/json.js';
import type { RenderOptionsInput } from '../../src/render/options.js';
import type { Outcome } from '../../src/render/outcome.js';
import { createQueues } from '../../src/worker/queues.js';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/messages.js';
import { createWorkerMetrics } from '../../src/worker/metrics.js';
import { quietRuntime } from './quiet-runtime.js';

/** INDEXED_VALUE_TYPE_KEYWORD and _INT of the engine's API. */
const TYPES = { Keyword: 2, Int: 3 };

export type RenderHandle = WorkflowHandle<() => Promise<Outcome>>;

/** The time-skipping server with a worker whose provider is given; hours pass in milliseconds. */
export interface SkippedTime {
  readonly env: TestWorkflowEnvironment;
  /** Starts the workflow as a client in another language would: by its public contract only. */
  start(movie: JsonObject, options?: RenderOptionsInput, key?: string): Promise<RenderHandle>;
  close(): Promise<void>;
}

/** The server, with what `setup` registers at a real engine. */
export async function openSkippedTime(
  path: string = inject('timeSkippingBinary'),
): Promise<TestWorkflowEnvironment> {
  quietRuntime();
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path } },
    client: { identity: 'backend@1' },
  });
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [name, TYPES[type]]),
    ),
  });
  return env;
}

/** What a worker runs: the workflow's bundle, and what makes its activities. */
export interface WorkerCode {
  readonly bundle: string;
  readonly createActivities: typeof createActivities;
}

/** Starts a worker on an engine; returns what stops both. With `webhooks` it asks the provider to report to an address. */
export async function hostRenders(
  env: TestWorkflowEnvironment,
  json2video: Json2Video & Pick<ActivityDependencies, 'indexOf' | 'lookFrom'>,
  webhooks: boolean,
  code: WorkerCode = { bundle: inject('workflowBundle'), createActivities },
): Promise<() => Promise<void>> {
  const worker = await createQueues(Worker.create.bind(Worker), {
    connection: env.nativeConnection,
    taskQueue: 'renderonce',
    identity: 'renderonce@1',
    buildId: 'renderonce',
    workflowBundle: { code: code.bundle },
    // In this thread, as replay does: a thread of its own would load the SDK again, for every test.
    debugMode: true,
    sinks: createWorkerMetrics().sinks,
    activities: code.createActivities({
      json2video,
      indexOf: json2video?.indexOf,
      // A worker that is replaced may get another.
      get lookFrom() {
        return json2video?.lookFrom;
      },
      now: Date.now,
      monotonicNow: () => performance.now(),
      ...(webhooks ? { callbackUrl: (key) => `https://hooks.example.com/json2video/v1.${key}` } : {}),
    }),
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
    await env.teardown();
  };
}

/** `now` is the worker's wall clock. */
export async function skipTime(
  json2video: Json2Video & Pick<ActivityDependencies, 'indexOf' | 'lookFrom'>,
  webhooks = false,
  now: () => number = Date.now,
): Promise<SkippedTime> {
  const env = await openSkippedTime();
  const close = await hostRenders(env, json2video, webhooks, {
    bundle: inject('workflowBundle'),
    createActivities: (given) => createActivities({ ...given, now }),
  });
  return {
    env,
    start: async (movie, options = {}, key = `key-${randomUUID()}`) => {
      const fingerprint = 'f'.repeat(64);
      return env.client.workflow.start<(request: unknown) => Promise<Outcome>>('renderMovie', {
        workflowId: key,
        taskQueue: 'renderonce',
        args: [{ movie, fingerprint, caller: randomUUID(), options }],
        memo: { fingerprint },
        // Without it the server runs ten years ahead after a workflow closes.
        workflowExecutionTimeout: '30 days',
      });
    },
    close,
  };
}

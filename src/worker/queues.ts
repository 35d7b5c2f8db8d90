import type { Worker, WorkerOptions } from '@temporalio/worker';
import { checksQueueOf, eventsQueueOf, keepQueueOf } from '../workflows/messages.js';

/** The part of a worker that its process needs. */
type RunnableWorker = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/** Options of a worker for all task queues of a render. */
interface QueuesOptions extends WorkerOptions {
  readonly activities: object;
  readonly providerRequestsPerSecond?: number | undefined;
}

/** Copies at the same time. Each holds some parts of a video in memory. */
const COPIES = 2;

/** Events on their way at the same time: a receiver may take 15 s for each. */
const EVENTS = 100;

/**
 * Creates one worker out of four: for workflows and submissions, for checks, looks and probes, for copies of videos, and
 * for events. Each has slots of its own, so that a provider or a receiver that hangs never keeps a check from running. A
 * limit of requests is split in halves, since the engine limits each task queue by itself.
 */
export async function createQueues(
  create: typeof Worker.create,
  { providerRequestsPerSecond: limit, ...options }: QueuesOptions,
): Promise<RunnableWorker> {
  const pace = limit === undefined ? {} : { maxTaskQueueActivitiesPerSecond: limit / 2 };
  const {
    workflowsPath: _path,
    workflowBundle: _bundle,
    bundlerOptions: _bundler,
    sinks: _sinks,
    ...forActivities
  } = options;
  const { taskQueue } = options;
  const workers = [
    await create({ ...options, ...pace }),
    await create({ ...forActivities, ...pace, taskQueue: checksQueueOf(taskQueue) }),
    await create({
      ...forActivities,
      taskQueue: keepQueueOf(taskQueue),
      maxConcurrentActivityTaskExecutions: COPIES,
    }),
    await create({
      ...forActivities,
      taskQueue: eventsQueueOf(taskQueue),
      maxConcurrentActivityTaskExecutions: EVENTS,
    }),
  ];
  return {
    run: async () => {
      const runs = workers.map((worker) => worker.run().finally(() => stop(workers)));
      // All have ended before the first failure is thrown.
      const ends = await Promise.allSettled(runs);
      for (const ended of ends) if (ended.status === 'rejected') throw ended.reason;
    },
    shutdown: () => stop(workers),
    getState: () =>
      workers.map((worker) => worker.getState()).find((state) => state !== 'RUNNING') ?? 'RUNNING',
  };
}

function stop(workers: readonly RunnableWorker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

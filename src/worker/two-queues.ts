import type { Worker, WorkerOptions } from '@temporalio/worker';
import { checksQueueOf } from '../workflows/messages.js';

/** The part of a worker that its process needs. */
type RunnableWorker = Pick<Worker, 'run' | 'shutdown' | 'getState'>;

/** Options of a worker for both task queues of a render. */
interface TwoQueuesOptions extends WorkerOptions {
  readonly activities: object;
  readonly providerRequestsPerSecond?: number | undefined;
}

/**
 * Creates one worker out of two: for workflows and submissions, and for checks, looks and probes. Each has slots of its
 * own, so that submissions that hang at the provider never keep a check from running. A limit of requests is split in
 * halves, since the engine limits each task queue by itself.
 */
export async function createTwoQueues(
  create: typeof Worker.create,
  { providerRequestsPerSecond: limit, ...options }: TwoQueuesOptions,
): Promise<RunnableWorker> {
  const pace = limit === undefined ? {} : { maxTaskQueueActivitiesPerSecond: limit / 2 };
  const {
    workflowsPath: _path,
    workflowBundle: _bundle,
    bundlerOptions: _bundler,
    sinks: _sinks,
    ...forActivities
  } = options;
  const submissions = await create({ ...options, ...pace });
  const checks = await create({ ...forActivities, ...pace, taskQueue: checksQueueOf(options.taskQueue) });
  return {
    run: async () => {
      const both = [submissions, checks];
      const runs = both.map((worker) => worker.run().finally(() => stop(both)));
      // Both have ended before the first failure is thrown.
      const [first, second] = await Promise.allSettled(runs);
      for (const ended of [first, second]) if (ended?.status === 'rejected') throw ended.reason;
    },
    shutdown: () => stop([submissions, checks]),
    getState: () => (checks.getState() === 'RUNNING' ? submissions.getState() : checks.getState()),
  };
}

function stop(workers: readonly RunnableWorker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}

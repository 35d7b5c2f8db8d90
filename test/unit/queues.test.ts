import type { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createQueues } from '../../src/worker/queues.js';
import { versionOptions } from '../../src/worker/version.js';

type QueuesOptions = Parameters<typeof createQueues>[1];
type RunnableWorker = Awaited<ReturnType<typeof createQueues>>;

/** A worker of the SDK, as far as this needs it. It drains when it is shut down, until it is let end. */
class ScriptedWorker implements RunnableWorker {
  readonly options: QueuesOptions;
  state: ReturnType<Worker['getState']> = 'INITIALIZED';
  #end: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(options: QueuesOptions) {
    this.options = options;
  }

  run(): Promise<void> {
    this.state = 'RUNNING';
    return new Promise((resolve, reject) => (this.#end = { resolve, reject }));
  }

  shutdown(): void {
    if (this.state !== 'RUNNING') throw new Error(`Not running. Current state: ${this.state}`);
    this.state = 'DRAINING';
  }

  end(): void {
    this.state = 'STOPPED';
    this.#end?.resolve();
  }

  fail(error: unknown): void {
    this.state = 'FAILED';
    this.#end?.reject(error);
  }

  getState(): ReturnType<Worker['getState']> {
    return this.state;
  }
}

interface Workers {
  readonly all: RunnableWorker;
  readonly submissions: ScriptedWorker;
  readonly checks: ScriptedWorker;
  readonly copies: ScriptedWorker;
  readonly events: ScriptedWorker;
  /** Ends those that drain, except for some. */
  endBut(...some: ScriptedWorker[]): void;
}

async function open(options: Partial<QueuesOptions> = {}): Promise<Workers> {
  const made: ScriptedWorker[] = [];
  const create = async (given: QueuesOptions): Promise<ScriptedWorker> => {
    const worker = new ScriptedWorker(given);
    made.push(worker);
    return worker;
  };
  const all = await createQueues(create as unknown as typeof Worker.create, {
    taskQueue: 'renderonce',
    activities: {},
    ...options,
  });
  const [submissions, checks, copies, events] = made;
  if (!submissions || !checks || !copies || !events) throw new Error('there are not four workers');
  const endBut = (...some: ScriptedWorker[]): void => {
    for (const worker of made) if (!some.includes(worker)) worker.end();
  };
  return { all, submissions, checks, copies, events, endBut };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs all workers; returns what their end was so far. */
function run({ all }: Workers): { readonly ended: Promise<void>; readonly isOver: () => boolean } {
  let isOver = false;
  const ended = all.run().finally(() => (isOver = true));
  ended.catch(() => undefined);
  return { ended, isOver: () => isOver };
}

test('checks have a task queue of their own without workflows, and a limit of requests is halved', async () => {
  const { submissions, checks } = await open({
    workflowsPath: '/workflows.js',
    providerRequestsPerSecond: 3,
  });
  expect(submissions.options).toMatchObject({
    taskQueue: 'renderonce',
    workflowsPath: '/workflows.js',
    maxTaskQueueActivitiesPerSecond: 1.5,
  });
  expect(checks.options).toMatchObject({
    taskQueue: 'renderonce.checks',
    maxTaskQueueActivitiesPerSecond: 1.5,
  });
  expect(checks.options).not.toHaveProperty('workflowsPath');
});

test('copies and events have task queues of their own, which the limit of provider requests leaves alone', async () => {
  const { copies, events } = await open({ workflowsPath: '/workflows.js', providerRequestsPerSecond: 3 });
  expect([copies.options.taskQueue, events.options.taskQueue]).toEqual([
    'renderonce.keep',
    'renderonce.events',
  ]);
  for (const { options } of [copies, events]) {
    expect(options).not.toHaveProperty('workflowsPath');
    expect(options).not.toHaveProperty('maxTaskQueueActivitiesPerSecond');
  }
});

test('every queue of a versioned worker has its version: a queue without it would get no task', async () => {
  const version = { deploymentName: 'renders', buildId: 'v1' };
  const { submissions, checks, copies, events } = await open(versionOptions(version));
  for (const { options } of [submissions, checks, copies, events]) {
    expect(options).not.toHaveProperty('buildId');
    expect(options.workerDeploymentOptions).toEqual({
      version,
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'AUTO_UPGRADE',
    });
  }
});

test.each(['submissions', 'checks', 'copies', 'events'] as const)(
  'a worker whose %s fail ends with the cause, after the other queues have drained',
  async (which) => {
    const workers = await open();
    const { ended, isOver } = run(workers);
    const failed = workers[which];
    const other = failed === workers.checks ? workers.submissions : workers.checks;
    const cause = new Error('namespace videos is gone');
    failed.fail(cause);
    await settled();
    expect(workers.all.getState()).not.toBe('RUNNING');
    expect(other.state).toBe('DRAINING');
    workers.endBut(failed, other);
    await settled();
    expect(isOver()).toBe(false);
    other.end();
    await expect(ended).rejects.toBe(cause);
  },
);

test('all queues drain on a shutdown, and a second one has no effect', async () => {
  const workers = await open();
  const { ended, isOver } = run(workers);
  expect(workers.all.getState()).toBe('RUNNING');
  workers.all.shutdown();
  workers.all.shutdown();
  expect([workers.submissions.state, workers.checks.state]).toEqual(['DRAINING', 'DRAINING']);
  workers.endBut(workers.checks);
  await settled();
  expect(isOver()).toBe(false);
  workers.checks.end();
  await expect(ended).resolves.toBeUndefined();
});

test('if two fail, all have ended before the first failure is thrown', async () => {
  const workers = await open();
  const { ended } = run(workers);
  workers.checks.fail(new Error('the second'));
  workers.submissions.fail(new Error('the first'));
  workers.endBut(workers.checks, workers.submissions);
  await expect(ended).rejects.toThrow('the first');
});

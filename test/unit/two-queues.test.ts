import type { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { createTwoQueues } from '../../src/worker/two-queues.js';

type TwoQueuesOptions = Parameters<typeof createTwoQueues>[1];
type RunnableWorker = Awaited<ReturnType<typeof createTwoQueues>>;

/** A worker of the SDK, as far as this needs it. It drains when it is shut down, until it is let end. */
class ScriptedWorker implements RunnableWorker {
  readonly options: TwoQueuesOptions;
  state: ReturnType<Worker['getState']> = 'INITIALIZED';
  #end: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor(options: TwoQueuesOptions) {
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

interface Pair {
  readonly both: RunnableWorker;
  readonly submissions: ScriptedWorker;
  readonly checks: ScriptedWorker;
}

async function open(options: Partial<TwoQueuesOptions> = {}): Promise<Pair> {
  const made: ScriptedWorker[] = [];
  const create = async (given: TwoQueuesOptions): Promise<ScriptedWorker> => {
    const worker = new ScriptedWorker(given);
    made.push(worker);
    return worker;
  };
  const both = await createTwoQueues(create as unknown as typeof Worker.create, {
    taskQueue: 'renderonce',
    activities: {},
    ...options,
  });
  const [submissions, checks] = made;
  if (submissions === undefined || checks === undefined) throw new Error('there are not two workers');
  return { both, submissions, checks };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs both workers; returns what their end was so far. */
function run({ both }: Pair): { readonly ended: Promise<void>; readonly isOver: () => boolean } {
  let isOver = false;
  const ended = both.run().finally(() => (isOver = true));
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

test.each(['submissions', 'checks'] as const)(
  'a worker whose %s fail ends with the cause, after the other queue has drained',
  async (which) => {
    const pair = await open();
    const { ended, isOver } = run(pair);
    const failed = pair[which];
    const other = failed === pair.checks ? pair.submissions : pair.checks;
    const cause = new Error('namespace videos is gone');
    failed.fail(cause);
    await settled();
    expect(pair.both.getState()).not.toBe('RUNNING');
    expect(other.state).toBe('DRAINING');
    expect(isOver()).toBe(false);
    other.end();
    await expect(ended).rejects.toBe(cause);
  },
);

test('both queues drain on a shutdown, and a second one has no effect', async () => {
  const pair = await open();
  const { ended, isOver } = run(pair);
  expect(pair.both.getState()).toBe('RUNNING');
  pair.both.shutdown();
  pair.both.shutdown();
  expect([pair.submissions.state, pair.checks.state]).toEqual(['DRAINING', 'DRAINING']);
  pair.submissions.end();
  await settled();
  expect(isOver()).toBe(false);
  pair.checks.end();
  await expect(ended).resolves.toBeUndefined();
});

test('if both fail, both have ended before the first failure is thrown', async () => {
  const pair = await open();
  const { ended } = run(pair);
  pair.checks.fail(new Error('the second'));
  pair.submissions.fail(new Error('the first'));
  await expect(ended).rejects.toThrow('the first');
});

import { WORKER_SETTINGS } from '../../src/worker/settings.js';
import type { Plant } from '../../test/support/planted-dist.js';

/** renderonce with one thing other than it is shipped, as a change of its compiled code. */
export interface Variant {
  readonly name: string;
  readonly plants: readonly Plant[];
}

const WORKER = {
  file: 'worker/settings.js',
  from: `maxCachedWorkflows: ${WORKER_SETTINGS.maxCachedWorkflows},`,
};
const worker = (settings: string): Plant => ({ ...WORKER, to: `${WORKER.from} ${settings},` });
const pollers = (count: number): string =>
  `maxConcurrentWorkflowTaskPolls: ${count}, maxConcurrentActivityTaskPolls: ${count}`;
const cached = (renders: number): Plant => ({ ...WORKER, to: `maxCachedWorkflows: ${renders},` });

export const SHIPPED: Variant = { name: 'as shipped', plants: [] };

const engine = (from: string): Plant => ({ file: 'engine/server-settings.js', from, to: '' });
const POLL_RATE = engine("'history.transferProcessorMaxPollRPS': 100,");
const ATTRIBUTE_CACHE = engine("'system.forceSearchAttributesCacheRefreshOnRead': false,");
const PARTITIONS = [
  engine("'matching.numTaskqueueReadPartitions': 1,"),
  engine("'matching.numTaskqueueWritePartitions': 1,"),
];
const JOURNAL = engine("journal_mode: 'WAL', synchronous: 'FULL'");
const NO_STACKS: Plant = {
  file: 'worker/workflow-code.js',
  from: "...(stackTraces ? [] : [pathOf('no-stack-traces')]),",
  to: '',
};
const PRELOAD: Plant = {
  file: 'worker/workflow-code.js',
  from: 'bundlerOptions: { preloadModules },',
  to: '',
};
const RESULT_AT_ONCE: Plant = {
  file: 'starter/result.js',
  from: 'await waitingForTurn(() => awaitVideo(client, key, seen))',
  to: 'undefined',
};

/** One more variant that is compared with the state before the changes of November 2026. */
export interface Before extends Variant {
  /** True if it differs in the engine, so that it needs an engine of its own. */
  readonly isOfEngine: boolean;
}

const ALL_BEFORE: Before = {
  name: 'as before: all of these',
  isOfEngine: true,
  plants: [POLL_RATE, ATTRIBUTE_CACHE, ...PARTITIONS, JOURNAL, NO_STACKS, PRELOAD, RESULT_AT_ONCE],
};

/** The changes of November 2026, each taken back, and all together at the end; by the engine's store. */
export const BEFORE: Readonly<Record<'memory' | 'file', readonly Before[]>> = {
  memory: [
    { name: "the engine's 20 reads of the transfer queue a second", isOfEngine: true, plants: [POLL_RATE] },
    {
      name: 'search attributes read from the database at each use',
      isOfEngine: true,
      plants: [ATTRIBUTE_CACHE],
    },
    { name: '4 partitions of a task queue', isOfEngine: true, plants: PARTITIONS },
    { name: 'workflow code with stacks', isOfEngine: false, plants: [NO_STACKS] },
    {
      name: 'workflow code with stacks, loaded for each run',
      isOfEngine: false,
      plants: [NO_STACKS, PRELOAD],
    },
    { name: '`result` describes the run first', isOfEngine: false, plants: [RESULT_AT_ONCE] },
    ALL_BEFORE,
  ],
  file: [{ name: 'rollback journal', isOfEngine: true, plants: [JOURNAL] }, ALL_BEFORE],
};

/** What a worker may be told otherwise, and what was changed once for speed or memory, taken back. */
export const VARIANTS: readonly Variant[] = [
  { name: '5 pollers each', plants: [worker(pollers(5))] },
  { name: '20 pollers each', plants: [worker(pollers(20))] },
  {
    name: 'pollers by load',
    plants: [
      worker(
        "workflowTaskPollerBehavior: { type: 'autoscaling' }, activityTaskPollerBehavior: { type: 'autoscaling' }",
      ),
    ],
  },
  { name: '10 workflow slots', plants: [worker('maxConcurrentWorkflowTaskExecutions: 10')] },
  { name: '20 activity slots', plants: [worker('maxConcurrentActivityTaskExecutions: 20')] },
  { name: '2,000 renders kept', plants: [cached(2_000)] },
  { name: '300 renders kept', plants: [cached(300)] },
  { name: '20 renders kept', plants: [cached(20)] },
  {
    name: "V8's own heap growth",
    plants: [{ file: 'cli/commands/worker.js', from: '    keepHeapSmall();\n', to: '' }],
  },
  {
    name: 'no eager submission',
    plants: [
      {
        file: 'workflows/attempt.js',
        from: 'retry: { maximumAttempts: 1 },',
        to: 'retry: { maximumAttempts: 1 }, allowEagerDispatch: false,',
      },
    ],
  },
  {
    name: 'each GET on a connection of its own',
    plants: [{ file: 'json2video/http-get.js', from: 'new Agent({', to: 'new Agent({ pipelining: 0,' }],
  },
];

/** Every command loaded at every call. */
export const ALL_COMMANDS: Variant = {
  name: 'all commands loaded',
  plants: [{ file: 'cli/commands.js', from: "words[0] === 'completion'", to: 'true' }],
};

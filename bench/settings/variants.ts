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

import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { stepWait } from '../../src/render/wait-machine.js';
import { SAYS } from './readings.js';
import { BROKEN_STEPS } from './wait-broken-steps.js';
import type { Rule } from './wait-rules.js';
import { type StepWait, WaitSimulator } from './wait-simulator.js';

const OPERATIONS = {
  hint: (wait) => wait.tell({ type: 'hinted' }),
  'confirm answers': (wait) => wait.attempt(wait.find('confirm'), 5_000),
  'watch answers': (wait) => wait.attempt(wait.find('watch'), 5_000),
  'grace passes': (wait) => wait.attempt(wait.find('check suspect'), 600_000),
  'time is up': (wait) => wait.timeIsUp(),
  'last check answers': (wait) => wait.attempt(wait.find('check last'), 5_000),
  'provider goes on': (wait) => wait.providerGoesOn(),
  'and on': (wait) => wait.providerGoesOn(),
} as const satisfies Readonly<Record<string, (wait: WaitSimulator) => void>>;

type Operation = keyof typeof OPERATIONS;

/** Things that happen independently of each other; within a lane the order is fixed. */
type Lanes = readonly (readonly Operation[])[];

/** Every order in which the operations of the lanes can follow each other. */
function* ordersOf(lanes: Lanes): Generator<readonly Operation[]> {
  const open = lanes.filter((lane) => lane.length > 0);
  if (open.length === 0) yield [];
  for (const lane of open) {
    const [first, ...rest] = lane;
    if (first === undefined) continue;
    for (const order of ordersOf(open.map((other) => (other === lane ? rest : other)))) {
      yield [first, ...order];
    }
  }
}

const EARLY_HINT = ['hint', 'confirm answers'] as const;
const HINT_TWICE = ['hint', 'hint', 'confirm answers'] as const;
const DEADLINE = ['time is up', 'last check answers'] as const;
const PROVIDER = ['provider goes on'] as const;

const DONE_LANES: Lanes = [EARLY_HINT, HINT_TWICE, ['watch answers'], DEADLINE, PROVIDER];
const DOUBT_LANES: Lanes = [
  EARLY_HINT,
  ['hint', 'confirm answers'],
  ['watch answers', 'grace passes'],
  DEADLINE,
  PROVIDER,
];

const PASSING_LANES: Lanes = [
  EARLY_HINT,
  ['watch answers', 'grace passes'],
  DEADLINE,
  ['provider goes on', 'and on'],
];

interface Run {
  readonly order: readonly Operation[];
  readonly status: string;
  readonly broken: readonly Rule[];
}

function* runsOf(lanes: Lanes, provider: readonly Reading[], step: StepWait): Generator<Run> {
  for (const order of ordersOf(lanes)) {
    const wait = new WaitSimulator(step, provider);
    for (const operation of order) OPERATIONS[operation](wait);
    const status = wait.goOn()?.status ?? 'none';
    yield { order, status, broken: [...wait.broken] };
  }
}

type Expected = (comesBefore: (first: Operation, second: Operation) => boolean) => readonly string[];

interface Model {
  readonly name: string;
  readonly lanes: Lanes;
  readonly provider: readonly Reading[];
  /** The statuses that the provider's truth allows in an order. */
  readonly expected: Expected;
  /** All that the orders lead to, so that none of it is a mere possibility. */
  readonly statuses: readonly string[];
  readonly orders: number;
}

const ifKnownInTime =
  (...statuses: string[]): Expected =>
  (comesBefore) =>
    comesBefore('provider goes on', 'last check answers') ? statuses : ['timed-out'];

const MODELS: readonly Model[] = [
  {
    name: 'that is an error for a while, goes on and becomes done',
    lanes: PASSING_LANES,
    provider: [SAYS.error, SAYS.rendering, SAYS.done],
    expected: (comesBefore) => {
      if (comesBefore('last check answers', 'provider goes on')) return ['failed', 'timed-out'];
      const truth = comesBefore('last check answers', 'and on') ? 'timed-out' : 'done';
      return comesBefore('grace passes', 'provider goes on') ? [truth, 'failed'] : [truth];
    },
    statuses: ['done', 'failed', 'timed-out'],
    orders: 2_520,
  },
  {
    name: 'that becomes done',
    lanes: DONE_LANES,
    provider: [SAYS.rendering, SAYS.done],
    expected: ifKnownInTime('done'),
    statuses: ['done', 'timed-out'],
    orders: 15_120,
  },
  {
    name: 'that becomes an error and stays one',
    lanes: DOUBT_LANES,
    provider: [SAYS.rendering, SAYS.error],
    expected: ifKnownInTime('failed', 'timed-out'),
    statuses: ['failed', 'timed-out'],
    orders: 22_680,
  },
  {
    name: 'that is an error for a while and becomes done',
    lanes: DOUBT_LANES,
    provider: [SAYS.error, SAYS.done],
    // Failed if the grace passed before the error did; a last check believes no error.
    expected: (comesBefore) => {
      if (comesBefore('last check answers', 'provider goes on')) return ['failed', 'timed-out'];
      return comesBefore('grace passes', 'provider goes on') ? ['done', 'failed'] : ['done'];
    },
    statuses: ['done', 'failed', 'timed-out'],
    orders: 22_680,
  },
  ...(['missing', 'gone'] as const).map((says) => ({
    name: `that the provider calls ${says}`,
    lanes: DOUBT_LANES,
    provider: [SAYS.rendering, SAYS[says]],
    expected: ifKnownInTime('failed', 'timed-out'),
    statuses: ['failed', 'timed-out'],
    orders: 22_680,
  })),
];

function isWrong({ order, status, broken }: Run, expected: Expected): boolean {
  const comesBefore = (first: Operation, second: Operation) => order.indexOf(first) < order.indexOf(second);
  return broken.length > 0 || !expected(comesBefore).includes(status);
}

describe('early hint, hint twice, poll and deadline in every order have one ending, true to the provider', () => {
  const named = MODELS.map((model) => [model.name, model] as const);
  test.each(named)('for a render %s', (_, { lanes, provider, expected, statuses, orders }) => {
    const seen = new Set<string>();
    const wrong: Run[] = [];
    let count = 0;
    for (const run of runsOf(lanes, provider, stepWait)) {
      count += 1;
      seen.add(run.status);
      if (isWrong(run, expected)) wrong.push(run);
    }
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(count).toBe(orders);
    expect([...seen].toSorted()).toEqual(statuses);
  });
});

/** No order has a cancel, or a last check that reads nothing. */
const NOT_IN_ORDERS: readonly Rule[] = [
  'a last check ends the wait with any reading',
  'cancelled is an ending exactly if a cancel came first',
];

describe('the orders catch a machine', () => {
  const isCaught = (step: StepWait): boolean =>
    MODELS.some(({ lanes, provider, expected }) => {
      for (const run of runsOf(lanes, provider, step)) if (isWrong(run, expected)) return true;
      return false;
    });
  const planted = BROKEN_STEPS.filter(([rule]) => !NOT_IN_ORDERS.includes(rule));

  test.each(planted.map(([, description, step]) => [description, step] as const))('%s', (_, step) => {
    expect(isCaught(step)).toBe(true);
  });
});

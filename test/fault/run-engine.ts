import type { FaultRuleInput } from '../../src/fake/index.js';
import { until } from '../support/until.js';
import type { CellKey } from './aim.js';
import { Callers } from './callers.js';
import { movieOf, optionsOf } from './cell-keys.js';
import { eventsOf } from './engine-view.js';
import type { FaultStage } from './fault-stage.js';
import { Play, playCell, type RunOptions, type RunResult } from './play.js';
import type { Starter } from './starter.js';

/** States in which a render can be when the engine is killed. */
export const ENGINE_STATES = [
  'submitting',
  'sending',
  'waiting',
  'unknown',
  'held',
  'rendering',
  'in doubt',
  'closed',
] as const;
type EngineState = (typeof ENGINE_STATES)[number];

/** Long enough for an attempt to last while the others come to their places. */
const LONG_ATTEMPT_SECONDS = 40;

/** Longer than the doubt about an error lasts here. */
const ERROR_GRACE_SECONDS = 120;

interface StateKey extends CellKey {
  readonly state: EngineState;
}

/** The engine is killed with -9 while renders are in all states at once, each by polling and by webhook. */
export async function runEngineKill(
  stage: FaultStage,
  id: string,
  options: RunOptions = {},
): Promise<RunResult> {
  const keys = ENGINE_STATES.flatMap((state) =>
    (['poll', 'webhook'] as const).map((wait): StateKey => ({
      key: `${id}-${state.replace(' ', '-')}-${wait}`,
      wait,
      outcome: 'done',
      resubmissions: state === 'held' ? 0 : 1,
      state,
    })),
  );
  const play = new Play(stage, keys, id, options);
  return playCell(play, async () => {
    const worker = await play.startWorker();
    const starter = await play.startStarter();
    await bringInto(
      stage,
      starter,
      keys.filter(({ state }) => state !== 'submitting'),
    );
    worker.door.shut();
    const submitting = keys.filter(({ state }) => state === 'submitting');
    for (const key of submitting) await start(starter, key);
    await until('the last POSTs stand at the door', () => worker.door.held() >= submitting.length);
    await stage.restartEngine();
    worker.door.open();
    for (const state of ENGINE_STATES) {
      play.note(
        `engine killed: ${state}`,
        keys.filter((key) => key.state === state),
      );
    }
    const callers = new Callers(starter);
    return { callers, answers: keys.map((key) => callers.ask(key)) };
  });
}

async function start(starter: Starter, key: StateKey): Promise<void> {
  const isLong = key.state === 'submitting' || key.state === 'sending';
  const called = await starter.call('start', key.key, movieOf(key), {
    ...optionsOf(key),
    errorGraceSeconds: ERROR_GRACE_SECONDS,
    ...(isLong ? { submitTimeoutSeconds: LONG_ATTEMPT_SECONDS } : {}),
  });
  if (!('value' in called)) throw new Error(`the start of ${key.key} failed: ${JSON.stringify(called)}`);
}

/** What brings a render into its state; those that stay there longest first. */
const WAYS: Readonly<
  Record<
    Exclude<EngineState, 'submitting'>,
    { rule?: Omit<FaultRuleInput, 'match'>; call?: 'create'; isThere: string }
  >
> = {
  held: { call: 'create', rule: { effect: { kind: 'reset-before' }, times: 1 }, isThere: 'held' },
  closed: { isThere: 'done' },
  'in doubt': {
    rule: { effect: { kind: 'state', script: [...Array<string>(8).fill('error'), 'done'] } },
    isThere: 'doubt',
  },
  waiting: {
    call: 'create',
    rule: {
      effect: { kind: 'status', code: 429, headers: { 'retry-after': '30' }, accept: false },
      times: 1,
    },
    isThere: 'waiting',
  },
  rendering: {
    rule: { effect: { kind: 'state', script: ['running', 'running', 'done'] } },
    isThere: 'rendering',
  },
  unknown: { call: 'create', rule: { effect: { kind: 'reset-before' }, times: 1 }, isThere: 'unknown' },
  sending: { call: 'create', rule: { effect: { kind: 'park', at: 'before' }, times: 1 }, isThere: 'sending' },
};

async function bringInto(stage: FaultStage, starter: Starter, keys: readonly StateKey[]): Promise<void> {
  for (const [state, { rule, call, isThere }] of Object.entries(WAYS)) {
    for (const key of keys.filter((each) => each.state === state)) {
      const match = { key: key.key, ...(call === undefined ? {} : { call }) };
      if (rule !== undefined) await stage.fake.fault({ match, ...rule });
      await start(starter, key);
    }
    const ofState = keys.filter((each) => each.state === state);
    await until(
      `renders are ${state}`,
      async () => {
        const there = await Promise.all(ofState.map(({ key }) => isIn(stage, starter, key, isThere)));
        return there.every(Boolean);
      },
      90_000,
    );
  }
}

async function isIn(stage: FaultStage, starter: Starter, key: string, wanted: string): Promise<boolean> {
  if (wanted === 'sending') return (await stage.fake.requests({ call: 'create', key })).length > 0;
  if (wanted === 'doubt') {
    const checks = (await eventsOf(stage.client, key)).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'checkMovie',
    );
    return checks.length > 1;
  }
  const status = await starter.call('status', key);
  return 'value' in status && status.value['state'] === wanted;
}

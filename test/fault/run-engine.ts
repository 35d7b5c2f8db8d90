import type { FaultRuleInput } from 'json2video-local';
import { until } from '../support/until.js';
import type { CellKey } from './aim.js';
import { Callers } from './callers.js';
import { movieOf, optionsOf } from './cell-keys.js';
import { eventsOf } from './engine-view.js';
import type { FaultStage } from './fault-stage.js';
import { Play, playCell, type RunResult } from './play.js';
import type { Backend } from './starter.js';

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
const LONG_ATTEMPT_SECONDS = 30;

/** Longer than the doubt about an error lasts here. */
const ERROR_GRACE_SECONDS = 120;

interface StateKey extends CellKey {
  readonly state: EngineState;
}

/** The engine is killed with -9 while renders are in all states at once, each by polling and by webhook. */
export async function runEngineKill(stage: FaultStage, id: string): Promise<RunResult> {
  const keys = ENGINE_STATES.flatMap((state) =>
    (['poll', 'webhook'] as const).map((wait): StateKey => ({
      key: `${id}-${state.replace(' ', '-')}-${wait}`,
      wait,
      outcome: 'done',
      resubmissions: state === 'held' ? 0 : 1,
      state,
    })),
  );
  const play = new Play(stage, keys, id);
  const of = (...states: readonly EngineState[]) => keys.filter(({ state }) => states.includes(state));
  return playCell(play, async () => {
    const worker = await play.startWorker();
    const backend = await play.backend();
    const stay = new Stay(stage, backend);
    // These take longest to get there, and stay.
    await stay.bring(of('held', 'closed'));
    await stay.bring(of('in doubt', 'waiting', 'rendering', 'unknown', 'sending'));
    worker.door.shut();
    const submitting = of('submitting');
    for (const key of submitting) await stay.start(key);
    await until('the last POSTs stand at the door', () => worker.door.held() >= submitting.length);
    for (const state of ENGINE_STATES) play.note(`engine killed: ${state}`, await stay.there(of(state)));
    await stage.engine.restart();
    worker.door.open();
    await stage.fake.clearFaults();
    const callers = new Callers(backend);
    return { callers, answers: keys.map((key) => callers.ask(key)) };
  });
}

/** What brings a render into its state, and by what it is known to be there. */
const WAYS: Readonly<
  Record<EngineState, { rule?: Omit<FaultRuleInput, 'match'>; call?: 'create'; isThere: string }>
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
    rule: { effect: { kind: 'state', script: [...Array<string>(8).fill('running'), 'done'] } },
    isThere: 'rendering',
  },
  unknown: { call: 'create', rule: { effect: { kind: 'reset-before' }, times: 1 }, isThere: 'unknown' },
  submitting: { isThere: 'submitting' },
  sending: { call: 'create', rule: { effect: { kind: 'park', at: 'before' }, times: 1 }, isThere: 'sending' },
};

/** Brings renders into states in which they stay for a while. */
class Stay {
  readonly #stage: FaultStage;
  readonly #backend: Backend;

  constructor(stage: FaultStage, backend: Backend) {
    this.#stage = stage;
    this.#backend = backend;
  }

  async bring(keys: readonly StateKey[]): Promise<void> {
    for (const key of keys) {
      const { rule, call } = WAYS[key.state];
      const match = { key: key.key, ...(call === undefined ? {} : { call }) };
      if (rule !== undefined) await this.#stage.fake.fault({ match, ...rule });
      await this.start(key);
    }
    await until(
      'renders are in their states',
      async () => (await this.there(keys)).length === keys.length,
      90_000,
      500,
    );
  }

  async start(key: StateKey): Promise<void> {
    const isLong = key.state === 'submitting' || key.state === 'sending';
    const called = await this.#backend.call('start', key.key, movieOf(key), {
      ...optionsOf(key),
      errorGraceSeconds: ERROR_GRACE_SECONDS,
      ...(isLong ? { submitTimeoutSeconds: LONG_ATTEMPT_SECONDS } : {}),
    });
    if (!('value' in called)) throw new Error(`the start of ${key.key} failed: ${JSON.stringify(called)}`);
  }

  /** Which of them are in their states now. */
  async there(keys: readonly StateKey[]): Promise<readonly StateKey[]> {
    const answers = await Promise.all(keys.map((key) => this.#isThere(key)));
    return keys.filter((_, index) => answers[index]);
  }

  async #isThere({ key, state }: StateKey): Promise<boolean> {
    const { client, fake } = this.#stage;
    const { isThere } = WAYS[state];
    if (isThere === 'sending') return (await fake.requests({ call: 'create', key })).length > 0;
    if (isThere === 'doubt') {
      const checks = (await eventsOf(client, key)).filter(
        (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'checkMovie',
      );
      return checks.length > 1;
    }
    const status = await this.#backend.call('status', key);
    return 'value' in status && status.value['state'] === isThere;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { type RandomViolation, checkKey, checkLedger, type SeenKey } from './check/check.js';
import { heldOf } from './check/held.js';
import { randomOf } from './draw.js';
import { keyName } from './key-name.js';
import { Performer } from './operators/perform.js';
import { drawScript } from './operators/draw-script.js';
import type { Act, Script } from './operators/script.js';
import { API_KEYS, apiKeyOf, drawTimeline, lived, Workers } from './operators/timeline.js';
import { Watch } from './operators/watch.js';
import { drawHabits, type Habits, oddHabits } from './provider/habits.js';
import { openRandomProvider, type RandomProvider } from './provider/server.js';
import { openRandomStage } from './stage.js';
import { windUp } from './wind-up.js';

/** Options of one play. */
export interface PlayOptions {
  readonly seed: number;
  /** Its number: providers of a batch share what happens to workers and engine. */
  readonly batch: number;
  /** Numbers of the providers in it, each with so many keys. */
  readonly providers: readonly number[];
  readonly keysEach: number;
  /** The compiled project that is proved. */
  readonly dist?: string;
  /** All keys begin within this time. */
  readonly spreadMs: number;
  /** With a file the engine is restarted, too. */
  readonly onDisk: boolean;
  /** Only this key of its provider, beside those to which nothing happens. */
  readonly only?: string;
  /** The number of a provider that accepts every movie twice. Only its calm keys are played, for the checker's control. */
  readonly doubling?: number;
}

/** The result of one play. */
export interface Played {
  readonly seen: readonly SeenKey[];
  readonly violations: readonly RandomViolation[];
}

/** A key's operators begin nothing so long after its own begin; their deeds end later. */
const PLAY_MS = 65_000;

/** One provider with its keys. */
interface World {
  readonly number: number;
  readonly taskQueue: string;
  readonly habits: Habits;
  readonly provider: RandomProvider;
  readonly scripts: readonly Script[];
  readonly performer: Performer;
}

/** Plays drawn operators against drawn providers on one engine, and checks every key. */
export async function play(options: PlayOptions): Promise<Played> {
  const { seed, batch, providers, spreadMs, onDisk, dist } = options;
  const stage = await openRandomStage({ onDisk, ...(dist === undefined ? {} : { dist }) });
  const worlds = await Promise.all(providers.map((provider) => openWorld(stage, options, provider)));
  const workers = new Workers(stage, seed, worlds);
  const watch = new Watch(stage.client, 1_000);
  try {
    await workers.begin();
    watch.start();
    const events = drawTimeline(randomOf(seed, 'timeline', batch), spreadMs, onDisk);
    await Promise.all([
      workers.live(events, Date.now()),
      ...worlds.map((world) => live(world, watch, spreadMs)),
    ]);
    await watch.stop();
    const winding = worlds.map((world) => ({ ...world, accepted: world.provider.accepted }));
    const ended = await windUp(winding, watch);
    const seen = worlds.flatMap((world) => {
      const through = lived(seed, world.number, events);
      const signs = [...through, ...oddHabits(world.habits)];
      const calm = world.scripts.filter(isCalm).map(({ key }) => key);
      return world.scripts.map((script) => {
        const atMs = watch.heldAtMs(script.key);
        const known = { ...world, done: world.performer.done, calm, lived: through };
        return {
          ...seenOf(world, script, ended.get(script.key) ?? {}, signs),
          ...(atMs === undefined ? {} : { held: heldOf(script, atMs, known) }),
        };
      });
    });
    const keys = new Set(seen.map(({ key }) => key));
    const ledgers = worlds.flatMap(({ provider }) => checkLedger(provider.accepted, keys));
    return { seen, violations: [...ledgers, ...seen.flatMap(checkKey)] };
  } finally {
    await watch.stop();
    await workers.close();
    await Promise.all(worlds.map(({ provider }) => provider.close()));
    await stage.close();
  }
}

/** True for keys to which nothing happens. */
function isCalm({ nature, threads }: Script): boolean {
  return nature === 'calm' && threads.length === 1;
}

type Stage = Awaited<ReturnType<typeof openRandomStage>>;

async function openWorld(stage: Stage, options: PlayOptions, number: number): Promise<World> {
  const { seed, keysEach, only } = options;
  const doubles = number === options.doubling;
  const taskQueue = `s${seed}-p${number}`;
  const scripts = Array.from({ length: keysEach }, (_, index) => {
    const key = keyName(seed, number, index + 1);
    return drawScript(randomOf(key, 'script'), key, index + 1);
  }).filter((script) => isCalm(script) || (!doubles && (only ?? script.key) === script.key));
  const natures = new Map(scripts.map(({ key, nature }) => [key, nature]));
  const habits = drawHabits(randomOf(seed, number, 'habits'));
  const provider = await openRandomProvider({
    seed: taskQueue,
    habits,
    accounts: new Map(
      API_KEYS.map((choice) => [
        apiKeyOf(taskQueue, choice),
        choice === 'other account' ? 'another account' : 'the account',
      ]),
    ),
    natureOf: (key) => natures.get(key) ?? 'calm',
    doubles,
  });
  return {
    number,
    taskQueue,
    habits,
    provider,
    scripts,
    performer: new Performer(stage, taskQueue, provider.accepted),
  };
}

/** Lets all keys of a provider live, each from its begin on; waits for the ends of all deeds. */
async function live({ scripts, performer }: World, watch: Watch, spreadMs: number): Promise<void> {
  const doing: Promise<unknown>[] = [];
  const follow = async (script: Script, acts: readonly Act[], over: AbortSignal): Promise<void> => {
    for (const { on, afterMs, deed } of acts) {
      if (!(await watch.when(script.key, on, over))) return;
      await pause(afterMs);
      if (over.aborted) return;
      doing.push(performer.perform(script, deed));
    }
  };
  const liveOne = async (script: Script): Promise<void> => {
    await pause(script.begin * spreadMs);
    const over = AbortSignal.timeout(PLAY_MS);
    await Promise.all(script.threads.map((acts) => follow(script, acts, over)));
  };
  await Promise.all(scripts.map(liveOne));
  await Promise.all(doing);
}

function seenOf(
  { provider, performer }: World,
  { key, nature }: Script,
  ended: SeenKey['ended'],
  ofAll: readonly string[],
): SeenKey {
  const done = performer.done.filter((each) => each.key === key);
  const deeds = done.map(({ deed }) => {
    const isForced = 'force' in deed && deed.force;
    return `${deed.do === 'decide' ? deed.action : deed.do}${isForced ? ' by force' : ''}`;
  });
  const calls = done.flatMap(({ deed }) => [
    ...('restart' in deed && deed.restart ? ['restart'] : []),
    ...('caller' in deed && deed.caller !== 'plain' ? [`caller ${deed.caller}`] : []),
    ...('movie' in deed && deed.movie === 'b' ? ['another movie'] : []),
  ]);
  const signs = [nature, ...deeds, ...calls, ...ofAll];
  return {
    key,
    nature,
    accepted: provider.accepted.filter((each) => each.key === key),
    done,
    ended,
    signs: [...new Set(signs)].toSorted(),
  };
}

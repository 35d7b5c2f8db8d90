import { setTimeout as pause } from 'node:timers/promises';
import type { Plant } from '../support/planted-dist.js';
import type { Running } from '../support/processes.js';
import { pick, seededRandom } from '../support/random.js';
import { openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { OTHER_WORDS, plantBuild, Versions } from '../support/versions.js';
import { loadOf, unlikeLedger } from './stage-load.js';

/** The rounds to play. */
export interface VersionKills {
  readonly rounds: number;
  readonly seed: number;
  /** Callers that submit at the same time; 20 by default. */
  readonly callers?: number;
  /** How version 2 differs; by other words in what people see by default. */
  readonly plants?: readonly Plant[];
  readonly say: (line: string) => void;
}

/** The result: workers that were killed, and everything that must not be. */
export interface VersionKillsResult {
  /** Keys with which callers called. */
  readonly keys: number;
  /** How often a worker was killed after each move of the tasks. */
  readonly kills: Readonly<Record<Move, number>>;
  /** One line for each violation. */
  readonly violations: readonly string[];
}

/** What is done with the tasks before a worker is killed: both versions have them, or one takes over. */
export type Move = 'shared' | 'rolled';

const CALLERS = 20;
const OPTIONS = { submitTimeoutSeconds: 10, settleSeconds: 30, deadlineMs: 5_000 };
/** The provider answers so late that a killed worker has submissions on their way. */
const SLOW_REPLY = { match: { call: 'create' }, effect: { kind: 'delay', ms: 500 } } as const;
/** After a move, so that the tasks have moved. */
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [1_000, 3_000];
/** All callers may be in doubt: an attempt and the settle window; the machine may be busy. */
const REACH_MS = 120_000;
const BUILDS = ['1', '2'] as const;

type Build = (typeof BUILDS)[number];

/**
 * Runs a worker of each of two versions under load. In each round the tasks move, to both or to the other version; then one of
 * the workers that have tasks is killed by SIGKILL while a submission is on its way, and started again. In the end every key must have one
 * video, and the provider's ledger one movie for it.
 */
export async function playVersionKills(kills: VersionKills): Promise<VersionKillsResult> {
  const { seed, plants = [OTHER_WORDS] } = kills;
  const [stage, next] = await Promise.all([
    openStage({ engine: 'memory', provider: { renderSeconds: 1, faults: [SLOW_REPLY] } }),
    plantBuild(plants),
  ]);
  const versions = new Versions(stage, `versions-${seed}`);
  try {
    await stage.startReceiver();
    const start = (build: Build): Promise<Running> => versions.start(build, build === '2' ? next : {});
    const workers = { '1': await start('1'), '2': await start('2') };
    await versions.setCurrent('1');
    return await playRounds({ stage, versions, workers, start }, kills);
  } finally {
    await versions.close();
    await Promise.all([stage.close(), next.remove()]);
  }
}

interface Ground {
  readonly stage: Stage;
  readonly versions: Versions;
  /** One of each version. */
  readonly workers: Record<Build, Running>;
  readonly start: (build: Build) => Promise<Running>;
}

async function playRounds(
  { stage, versions, workers, start }: Ground,
  { rounds, seed, callers = CALLERS, say }: VersionKills,
): Promise<VersionKillsResult> {
  const random = seededRandom(seed);
  const load = loadOf(stage, { prefix: `version-${seed}`, callers, options: OPTIONS });
  const made: Record<Move, number> = { shared: 0, rolled: 0 };
  for (const { move, to } of movesOf(rounds)) {
    await (move === 'shared' ? versions.ramp(to, 50) : versions.setCurrent(to));
    const build = move === 'shared' ? pick(random, BUILDS) : to;
    await pause(SHORTEST_PAUSE_MS + random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
    await killWhileSending(stage, workers[build]);
    made[move] += 1;
    say(`tasks ${move} with version ${to}, version ${build} killed; ${load.acknowledged.size} acknowledged`);
    workers[build] = await start(build);
  }
  await load.stop();
  return { keys: load.keys.size, kills: made, violations: await unlikeLedger(stage, [...load.keys], load) };
}

/** To version 2 and back, again and again: half of the tasks first, then all. */
function movesOf(rounds: number): readonly { readonly move: Move; readonly to: Build }[] {
  return Array.from({ length: rounds }, (_, round) => ({
    move: round % 2 === 0 ? 'shared' : 'rolled',
    to: round % 4 < 2 ? '2' : '1',
  }));
}

async function killWhileSending({ fake }: Stage, worker: Running): Promise<void> {
  const isSending = async (): Promise<boolean> => {
    const creates = await fake.requests({ call: 'create' });
    return creates.some(({ ms }) => ms === 0);
  };
  await until('a submission is on its way', isSending, REACH_MS);
  worker.kill('SIGKILL');
  await worker.exit;
}

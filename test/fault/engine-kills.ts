import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
import { seededRandom } from '../support/random.js';
import { openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';
import { DRAIN_MS, loadOf, QUESTIONS, unlikeLedger } from './stage-load.js';

/** The kills to play, and their load. */
export interface EngineKills {
  readonly rounds: number;
  readonly seed: number;
  /** Callers that submit at the same time; 20 by default. */
  readonly callers?: number;
  readonly say: (line: string) => void;
  /** What somebody does before each kill, with the acknowledged keys: for controls of the checks. */
  readonly meddle?: (stage: Stage, keys: readonly string[]) => Promise<void>;
}

/** The result: keys that were acknowledged, and everything that must not be. */
export interface EngineKillsResult {
  /** Keys with which callers called. */
  readonly keys: number;
  /** Keys whose submission was acknowledged with a project before the last kill. */
  readonly acknowledged: number;
  /** Calls that were open at the kills, all together. */
  readonly open: number;
  /** One line for each violation. */
  readonly violations: readonly string[];
}

const CALLERS = 20;
const OPTIONS = { submitTimeoutSeconds: 20, settleSeconds: 30, deadlineMs: 5_000 };
/** Between a start of the engine and its kill: at least once a call of each caller. */
const [SHORTEST_LIFE_MS, LONGEST_LIFE_MS] = [1_000, 4_000];

/**
 * Kills an engine with a database file by SIGKILL in the middle of submissions, starts it again on the same file, and
 * repeats that. After each start every acknowledged key must still have its project. In the end every key must have one
 * video, and the provider's ledger one movie for it.
 */
export async function playEngineKills(kills: EngineKills): Promise<EngineKillsResult> {
  const { rounds, seed, callers = CALLERS, say, meddle = async () => undefined } = kills;
  const stage = await openStage({ engine: 'disk', provider: { renderSeconds: 1 } });
  try {
    await stage.startReceiver();
    await stage.startWorker();
    const load = loadOf(stage, { prefix: `kill-${seed}`, callers, options: OPTIONS });
    const random = seededRandom(seed);
    const forgotten = new Map<string, string>();
    let open = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await pause(SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      await until(
        'keys are acknowledged, and calls are open',
        () => load.acknowledged.size > 1 && load.open > 0,
      );
      const known = new Map(load.acknowledged);
      await meddle(stage, [...known.keys()]);
      open += load.open;
      say(`round ${round}: killed with ${known.size} keys acknowledged, ${load.open} calls open`);
      await stage.engine.restart();
      for (const [key, line] of await forgottenKeys(stage, known)) forgotten.set(key, line);
    }
    await load.stop();
    const kept = [...load.keys].filter((key) => !forgotten.has(key));
    const violations = [...forgotten.values(), ...(await unlikeLedger(stage, kept, load))];
    return { keys: load.keys.size, acknowledged: load.acknowledged.size, open, violations };
  } finally {
    await stage.close();
  }
}

/** Returns the keys that the engine does not know with their project any more, and a line for each. */
async function forgottenKeys(
  { renders }: Stage,
  known: ReadonlyMap<string, string>,
): Promise<[key: string, line: string][]> {
  const lines = await pMap(
    known,
    async ([key, project]): Promise<[string, string] | undefined> => {
      const ask = () =>
        renders.status(key).catch((error: unknown) => (isUnknownKey(error) ? 'unknown' : undefined));
      const status = await until(`the engine answers for ${key}`, ask, DRAIN_MS);
      if (status === 'unknown') return [key, `forgotten: ${key} was acknowledged with ${project}`];
      if (status.project === project) return undefined;
      return [key, `forgotten: ${key} had ${project}, and now has ${status.project ?? 'none'}`];
    },
    { concurrency: QUESTIONS },
  );
  return lines.filter((line) => line !== undefined);
}

/** True for the error of a key of which the engine knows nothing. */
export function isUnknownKey(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'KeyNotFound';
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pMap from 'p-map';
import { killFamily } from '../support/family.js';
import { ledgerAt } from '../support/local-provider.js';
import type { Running } from '../support/processes.js';
import { seededRandom } from '../support/random.js';
import { CARD } from '../support/stage.js';
import { until } from '../support/until.js';
import { Load } from './load.js';
import { Installation, strike } from './up-installation.js';

/** The rounds to play. */
export interface UpKills {
  readonly rounds: number;
  readonly seed: number;
  /** Callers that submit at the same time; 8 by default. */
  readonly callers?: number;
  /** Pause of a caller between two keys; none by default. */
  readonly pauseMs?: number | undefined;
  readonly say: (line: string) => void;
  /** What somebody does before the last check, for controls of it: gets the address of the local JSON2Video. */
  readonly meddle?: (up: Running, keys: readonly string[]) => Promise<void>;
}

/** The result: what was in flight at the kills, and everything that must not be. */
export interface UpKillsResult {
  readonly keys: number;
  /** Keys whose submission was acknowledged with a project before the last kill. */
  readonly acknowledged: number;
  /** Renders without an end at the kills, all together. */
  readonly inFlight: number;
  /** How often each process was killed. */
  readonly kills: Readonly<Record<string, number>>;
  readonly violations: readonly string[];
}

const CALLERS = 8;
const OPTIONS = { submitTimeoutSeconds: 15, settleSeconds: 30 };
const [SHORTEST_LIFE_MS, LONGEST_LIFE_MS] = [1_000, 6_000];
/** A check that was cut off is repeated after 40 s, a doubt ends after 45 s; the machine may be busy. */
const DRAIN_MS = 400_000;
const QUESTIONS = 8;

/**
 * Kills random processes of `renderonce up --local` by SIGKILL while renders are in flight, in some rounds all of them,
 * and repeats that. After each round every acknowledged key must still have its project. In the end every key must have
 * its video, and the ledger of the local JSON2Video one movie for it.
 */
export async function playUpKills({
  rounds,
  seed,
  callers = CALLERS,
  pauseMs,
  say,
  meddle,
}: UpKills): Promise<UpKillsResult> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-up-kills-'));
  const place = await Installation.start(join(folder, 'data'));
  const kills: Record<string, number> = {};
  try {
    const load = loadOf(place, { prefix: `up-kill-${seed}`, callers, pauseMs });
    const random = seededRandom(seed);
    const forgotten = new Map<string, string>();
    let inFlight = 0;
    for (let round = 1; round <= rounds; round += 1) {
      await until('renders are in flight', () => load.acknowledged.size > round && load.open > 0, DRAIN_MS);
      await pause(SHORTEST_LIFE_MS + random() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS));
      const known = new Map(load.acknowledged);
      const flying = await countOpen(place);
      inFlight += flying;
      const struck = await strike(place, round, random);
      for (const name of struck) kills[name] = (kills[name] ?? 0) + 1;
      say(
        `round ${round}: killed ${struck.join(', ')}; ${known.size} keys acknowledged, ${flying} renders in flight`,
      );
      for (const [key, line] of await forgottenKeys(place, known)) forgotten.set(key, line);
    }
    await load.stop();
    await meddle?.(place.up, [...load.keys]);
    const violations = [...forgotten.values(), ...(await unlikeLedger(place, load))];
    return { keys: load.keys.size, acknowledged: load.acknowledged.size, inFlight, kills, violations };
  } finally {
    killFamily(place.up.pid);
    await place.up.exit;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Each key has another movie, since the local JSON2Video renders an equal one in no time. */
function movieOf(key: string): object {
  return { ...CARD, scenes: [{ duration: 5, elements: [{ type: 'text', text: key }] }] };
}

function loadOf(
  place: Installation,
  terms: { readonly prefix: string; readonly callers: number; readonly pauseMs: number | undefined },
): Load {
  const submit = async (key: string): Promise<string | undefined> => {
    const body = { movie: movieOf(key), options: OPTIONS };
    const answer = await place.call('PUT', `/v1/renders/${key}`, body).catch(() => undefined);
    return typeof answer?.['project'] === 'string' ? answer['project'] : undefined;
  };
  return new Load({ ...terms, drainMs: DRAIN_MS, submit });
}

/** Counts the movies that the local JSON2Video still renders. */
async function countOpen({ up }: Installation): Promise<number> {
  const { movies } = await ledgerAt(String(up.said['json2videoUrl'])).catch(() => ({ movies: [] }));
  return movies.filter(({ status }) => status !== 'done').length;
}

/** Returns the keys that are not known with their project any more, and a line for each. */
async function forgottenKeys(
  place: Installation,
  known: ReadonlyMap<string, string>,
): Promise<[key: string, line: string][]> {
  const lines = await pMap(
    known,
    async ([key, project]): Promise<[string, string] | undefined> => {
      const ask = async () => {
        const answer = await place.call('GET', `/v1/renders/${key}`).catch(() => undefined);
        return answer !== undefined && [200, 202, 404].includes(Number(answer['status'])) && answer;
      };
      const answer = await until(`the server answers for ${key}`, ask, DRAIN_MS);
      if (answer['project'] === project) return undefined;
      return [key, `forgotten: ${key} had ${project}, and now has ${String(answer['project'])}`];
    },
    { concurrency: QUESTIONS },
  );
  return lines.filter((line) => line !== undefined);
}

/** Waits for the end of each key, and compares it with the movies that were paid. Returns a line for each difference. */
async function unlikeLedger(place: Installation, { keys, acknowledged }: Load): Promise<string[]> {
  const ends = await pMap(
    keys,
    async (key) => {
      const ask = async () => {
        const answer = await place.call('GET', `/v1/renders/${key}`).catch(() => undefined);
        return answer?.['closedAt'] !== undefined && answer;
      };
      const answer = await until(`${key} has ended`, ask, DRAIN_MS).catch(() => ({
        state: 'without an end',
      }));
      return { key, ...(answer as { state: string; project?: string }) };
    },
    { concurrency: QUESTIONS },
  );
  const { movies } = await ledgerAt(String(place.up.said['json2videoUrl']));
  const lines = ends.map(({ key, state, project }) => {
    const paid = movies.filter((movie) => movie.key === key).map((movie) => movie.project);
    if (paid.length > 1) return `paid ${paid.length} times: ${key}`;
    if (state !== 'done') return `${key}: ${state}`;
    const isSame = paid[0] === project && acknowledged.get(key) === project;
    return isSame
      ? ''
      : `${key}: acknowledged ${acknowledged.get(key)}, ended with ${project}, paid ${paid[0]}`;
  });
  const strangers = movies.filter(({ key = '' }) => !keys.has(key));
  return [
    ...lines.filter((line) => line !== ''),
    ...strangers.map(({ project }) => `paid for no key: ${project}`),
  ];
}

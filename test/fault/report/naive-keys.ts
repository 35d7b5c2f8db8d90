import { playNaively } from '../../../src/demo/naive.js';
import type { Scene } from '../../../src/demo/scenes.js';
import { startFakeJson2Video } from 'json2video-local';
import type { CellKey } from '../aim.js';
import { POINTS } from '../cell.js';
import { movieOf } from '../cell-keys.js';
import { HTTP_FAULTS } from '../http-faults.js';
import type { Cell } from '../run-cell.js';

/** The same that happened to a key, as it happens to the demo's naive client. */
export interface NaiveKey {
  readonly scene: Scene;
  readonly movie: ReturnType<typeof movieOf>;
}

const CALM: Scene = {
  key: '',
  movie: '',
  what: '',
  callers: 1,
  processes: 0,
  options: {},
  faults: [],
  ends: 'done',
};

/** From here on a crash comes when the movie was accepted: a client that keeps the project in memory has lost it. */
const ACCEPTED_FROM = POINTS.indexOf('accepted, reply not read');

/** It has no timeouts, so it would wait for minutes. */
const TOO_PATIENT: ReadonlySet<string> = new Set(['hang-before', 'hang-after', 'drip']);

/**
 * What the naive client would have met in the place of a key; nothing where it cannot be told, and for racing callers,
 * each of whom would pay.
 */
export function naiveKeyOf(cell: Cell, key: CellKey, index: number): NaiveKey | undefined {
  const movie = movieOf(key);
  if (cell.kind === 'crash') {
    const faults: Scene['faults'] = key.outcome === 'lost' ? [{ kind: 'reset-after' }] : [];
    const killsWorker = POINTS.indexOf(cell.point) >= ACCEPTED_FROM;
    return { movie, scene: { ...CALM, faults, killsWorker } };
  }
  const effect = HTTP_FAULTS[index % HTTP_FAULTS.length]?.effect;
  if (cell.kind !== 'http' || cell.call !== 'create' || effect === undefined) return undefined;
  return TOO_PATIENT.has(effect.kind) ? undefined : { movie, scene: { ...CALM, faults: [effect] } };
}

/** So many clients play at once, each against a provider of its own. */
const CLIENTS = 8;
const TIME_SCALE = 100;

/** Plays keys naively; answers how many POSTs were accepted for each. */
export async function playKeysNaively(keys: readonly NaiveKey[]): Promise<readonly number[]> {
  const accepted: number[] = [];
  const waiting = [...keys.entries()];
  const client = async (): Promise<void> => {
    const fake = await startFakeJson2Video({ timeScale: TIME_SCALE, cache: false });
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [index, { scene, movie }] = next;
        const before = fake.movies().length;
        // It gives up where everything fails; what it has paid by then counts.
        await playNaively(fake, scene, movie).catch(() => undefined);
        accepted[index] = fake.movies().length - before;
      }
    } finally {
      await fake.close();
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return accepted;
}

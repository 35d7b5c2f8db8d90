import { type CrashCell, drawCases, MODES, POINTS } from './cell.js';
import type { Cell } from './run-cell.js';
import { drawPair } from './pairs.js';
import { LOOK_POINTS } from './points/look.js';
import { seededRandom } from '../support/random.js';
import { shuffled } from '../support/random.js';
import { CALLS } from './run-http.js';

/** Another sample is drawn with FAULT_SEED. */
export const SAMPLE_SEED = Number(process.env['FAULT_SEED'] ?? 1);

/** Enough for every wait and every outcome in each cell, and both numbers of resubmissions. */
const CASES_A_CELL = 6;

/** The engine waits 90 s for a worker that dies during a look, so these go first. */
const SLOWEST: readonly CrashCell['point'][] = ['before a look', 'after a look'];

/** Every point once, with the modes in turn; each meets every wait and every outcome. Some have callers over HTTP. */
function sampleCrashes(seed: number): readonly Cell[] {
  const random = seededRandom(seed);
  const points = [...SLOWEST, ...POINTS.filter((point) => !SLOWEST.includes(point))];
  const modes = shuffled(random, MODES);
  return points.map((point, index): Cell => ({
    kind: 'crash',
    point,
    mode: modes[index % modes.length] ?? 'kill',
    cases: drawCases(random, CASES_A_CELL),
    ...(index % 4 === 3 ? VIA_HTTP : {}),
  }));
}

const VIA_HTTP = { via: 'http' } as const;

/** A crash of the HTTP server, beside that of the library's caller. */
function sampleServer(seed: number): Cell {
  const random = seededRandom(seed + 2);
  const cases = drawCases(random, CASES_A_CELL);
  return { kind: 'crash', point: 'start accepted, reply lost', mode: 'kill', cases, ...VIA_HTTP };
}

/** A crash during the recovery from a crash; not during a look, for which the engine waits 90 s. */
function samplePair(seed: number): Cell {
  const random = seededRandom(seed + 1);
  for (;;) {
    const cases = drawCases(random, CASES_A_CELL);
    const cell = drawPair(random);
    if (cell.second !== undefined && !(cell.second.point in LOOK_POINTS)) {
      return { kind: 'crash', ...cell, cases };
    }
  }
}

/** They count what a fault costs, so they come last: at first everything starts at once, and an attempt may end for want of processor time. */
const HTTP_FAULTS: readonly Cell[] = CALLS.map((call): Cell => ({ kind: 'http', call }));

/** All that is sampled beside crashes and faults of requests. */
const OTHERS: readonly Cell[] = [
  { kind: 'engine' },
  { kind: 'receiver', mode: 'kill' },
  { kind: 'callers', callers: 100, keys: 50 },
  { kind: 'callers', callers: 20, keys: 12, via: 'http' },
];

/** All that is sampled, the longest crashes first. */
export function sampleCells(seed: number): readonly Cell[] {
  const crashes = sampleCrashes(seed);
  const slowest = crashes.slice(0, SLOWEST.length);
  const others = crashes.slice(SLOWEST.length);
  return [...slowest, ...OTHERS, ...others, samplePair(seed), sampleServer(seed), ...HTTP_FAULTS];
}

import { type CrashCell, drawCases, MODES, POINTS } from './cell.js';
import type { Cell } from './run-cell.js';
import { drawPair } from './pairs.js';
import { randomFrom, shuffled } from './random.js';
import { CALLS } from './run-http.js';

/** Another sample is drawn with FAULT_SEED. */
export const SAMPLE_SEED = Number(process.env['FAULT_SEED'] ?? 1);

/** Enough for every wait and every outcome in each cell, and both numbers of resubmissions. */
const CASES_A_CELL = 6;
const PAIRS = 2;

/** These wait longest, so they go first. */
const SLOW: readonly CrashCell['point'][] = [
  'before a look',
  'after a look',
  'fence passed',
  'bytes partly sent',
  'sent, not accepted',
];

/** Every point once, with the modes in turn; each meets every wait and every outcome. */
export function sampleCrashes(seed: number): readonly Cell[] {
  const random = randomFrom(seed);
  const points = [...SLOW, ...POINTS.filter((point) => !SLOW.includes(point))];
  const modes = shuffled(random, MODES);
  return points.map((point, index): Cell => ({
    kind: 'crash',
    point,
    mode: modes[index % modes.length] ?? 'kill',
    cases: drawCases(random, CASES_A_CELL),
  }));
}

/** Crashes during the recovery from a crash. */
export function samplePairs(seed: number): readonly Cell[] {
  const random = randomFrom(seed + 1);
  return Array.from({ length: PAIRS }, (): Cell => ({
    kind: 'crash',
    ...drawPair(random, drawCases(random, CASES_A_CELL)),
  }));
}

/** All that is sampled beside crashes. */
export const SAMPLED_OTHERS: readonly Cell[] = [
  { kind: 'engine' },
  ...CALLS.map((call): Cell => ({ kind: 'http', call })),
  { kind: 'receiver', mode: 'kill' },
  { kind: 'callers', callers: 100, keys: 50 },
];

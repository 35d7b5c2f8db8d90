import { drawCases, MODES, POINTS } from './cell.js';
import { drawPair } from './pairs.js';
import { type Random, seededRandom } from '../support/random.js';
import { pick } from '../support/random.js';
import type { Cell } from './run-cell.js';
import { CALLS } from './run-http.js';

const CASES_A_CELL = [6, 18, 18] as const;

/** Share of the cells whose callers ask an HTTP server. */
const HTTP_SHARE = 0.3;

/** Cell number `number` of a seed: the same for ever, whatever ran before it. */
export function drawCell(seed: number, number: number): Cell {
  const random = seededRandom(seed * 1_000_003 + number);
  const dice = random();
  if (dice < 0.05) return { kind: 'http', call: pick(random, CALLS) };
  if (dice < 0.1) return { kind: 'callers', callers: 100, keys: 50, ...drawVia(random) };
  if (dice < 0.15) return { kind: 'engine' };
  if (dice < 0.18) return { kind: 'receiver', mode: pick(random, MODES) };
  const cases = drawCases(random, pick(random, CASES_A_CELL));
  if (dice < 0.38) return { kind: 'crash', ...drawPair(random, cases), ...drawVia(random) };
  return { kind: 'crash', ...drawCrash(random), cases, ...drawVia(random) };
}

function drawCrash(random: Random) {
  return { point: pick(random, POINTS), mode: pick(random, MODES) };
}

/** Drawn last, so that the rest of a cell is the same whoever asks. */
function drawVia(random: Random): { readonly via?: 'http' } {
  return random() < HTTP_SHARE ? { via: 'http' } : {};
}

import { type CrashCell, drawCases, MODES, type PointName, POINTS } from './cell.js';
import { type Deck, drawDeck } from './decks/deck.js';
import { drawPair } from './pairs.js';
import { type Random, seededRandom } from '../support/random.js';
import { pick } from '../support/random.js';
import type { Cell } from './run-cell.js';
import { CALLS } from './run-http.js';

/** Each case twice: many keys share what a cell waits for, and the processes that it starts and kills. */
const CASES_A_CELL = 36;

/** At these points so many keys cannot be struck at once: a worker connects for a short time, or reads once. */
const FEW_AT = new Set<PointName>(['before the fence', 'fence passed', 'before a look', 'after a look']);
const FEW_CASES = 18;

/** Here only some keys are struck, however many there are: tasks that a worker takes at once. */
const SOME_AT = new Set<PointName>(['before the first task', 'result computed']);
/** The same for a second crash: the keys come back one after the other. */
const SOME_AGAIN_AT = new Set<PointName>(['before the fence', 'result computed']);
const SOME_CASES = 6;

/** Share of the cells whose callers ask an HTTP server. */
const HTTP_SHARE = 0.3;

/** Share of each kind of cell; the rest are single crashes. */
const SHARES = { http: 0.08, callers: 0.05, engine: 0.03, receiver: 0.03, deck: 0.2, pair: 0.2 } as const;
type Share = keyof typeof SHARES;

/** Cell number `number` of a seed: the same for ever, whatever ran before it. */
export function drawCell(seed: number, number: number): Cell | Deck {
  const random = seededRandom(seed * 1_000_003 + number);
  let dice = random();
  const kinds = Object.entries(SHARES) as [Share, number][];
  const kind = kinds.find(([, share]) => (dice -= share) < 0)?.[0];
  switch (kind) {
    case 'http':
      return drawHttp(random);
    case 'callers':
      return { kind, callers: 100, keys: 50, ...drawVia(random) };
    case 'engine':
      return { kind };
    case 'receiver':
      return { kind, mode: pick(random, MODES), keysOfEach: 8 };
    case 'deck':
      return drawDeck(random);
    default:
      return {
        kind: 'crash',
        ...drawCrash(random, kind === 'pair'),
        ...drawVia(random),
      };
  }
}

/** The list is read for many keys at once: there the faults stand in a row. */
function drawHttp(random: Random): Cell {
  const call = pick(random, CALLS);
  return { kind: 'http', call, ...(call === 'list' ? { timesOfEach: 2 } : { keysOfEach: 3 }) };
}

function drawCrash(random: Random, isPair: boolean): CrashCell {
  const [point, mode] = [pick(random, POINTS), pick(random, MODES)];
  const drawn: Omit<CrashCell, 'cases'> = isPair ? drawPair(random) : { point, mode };
  return { ...drawn, cases: drawCases(random, casesAt(drawn)) };
}

function casesAt({ point, second }: Omit<CrashCell, 'cases'>): number {
  if (second === undefined ? SOME_AT.has(point) : SOME_AGAIN_AT.has(second.point)) return SOME_CASES;
  return FEW_AT.has(point) || (second !== undefined && FEW_AT.has(second.point)) ? FEW_CASES : CASES_A_CELL;
}

/** Drawn last, so that the rest of a cell is the same whoever asks. */
function drawVia(random: Random): { readonly via?: 'http' } {
  return random() < HTTP_SHARE ? { via: 'http' } : {};
}

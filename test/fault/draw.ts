import { type CrashCell, drawCases, MODES, POINTS } from './cell.js';
import { type Deck, drawDeck } from './decks/deck.js';
import { drawPair } from './pairs.js';
import { type Random, seededRandom } from '../support/random.js';
import { pick } from '../support/random.js';
import type { Cell } from './run-cell.js';
import { CALLS } from './run-http.js';

const CASES_A_CELL = [6, 18, 18] as const;

/** Share of the cells whose callers ask an HTTP server. */
const HTTP_SHARE = 0.3;

/** Share of each kind of cell; the rest are single crashes. */
const SHARES = { http: 0.05, callers: 0.05, engine: 0.03, receiver: 0.03, deck: 0.2, pair: 0.2 } as const;
type Share = keyof typeof SHARES;

/** Cell number `number` of a seed: the same for ever, whatever ran before it. */
export function drawCell(seed: number, number: number): Cell | Deck {
  const random = seededRandom(seed * 1_000_003 + number);
  let dice = random();
  const kinds = Object.entries(SHARES) as [Share, number][];
  const kind = kinds.find(([, share]) => (dice -= share) < 0)?.[0];
  switch (kind) {
    case 'http':
      return { kind, call: pick(random, CALLS) };
    case 'callers':
      return { kind, callers: 100, keys: 50, ...drawVia(random) };
    case 'engine':
      return { kind };
    case 'receiver':
      return { kind, mode: pick(random, MODES) };
    case 'deck':
      return drawDeck(random);
    default:
      return { kind: 'crash', ...drawCrash(random, kind === 'pair'), ...drawVia(random) };
  }
}

function drawCrash(random: Random, isPair: boolean): CrashCell {
  const cases = drawCases(random, pick(random, CASES_A_CELL));
  return isPair ? drawPair(random, cases) : { point: pick(random, POINTS), mode: pick(random, MODES), cases };
}

/** Drawn last, so that the rest of a cell is the same whoever asks. */
function drawVia(random: Random): { readonly via?: 'http' } {
  return random() < HTTP_SHARE ? { via: 'http' } : {};
}

import type { Deck } from './decks/deck.js';
import { drawCell } from './draw.js';
import { ALL_KINDS, ENOUGH_KEYS, kindsOf, type Strikes } from './kinds.js';
import { sumOfCounts } from './report/promises.js';
import type { Cell } from './run-cell.js';

type AnyCell = Cell | Deck;

/** A choice is among so many drawn cells; the others are passed over. */
export const CHOICE = 40;

/** Every third cell is simply the next. */
const RANDOM_EVERY = 3;

/**
 * Which cells of a seed a proof plays that goes on. While a kind of fault has struck too few keys, every third cell is simply
 * the next, so that the draw stays random, and the others strike what was struck least so far. After that each is the next.
 */
export class Plan {
  readonly #seed: number;
  readonly #struck: () => Strikes;
  readonly #underWay = new Set<AnyCell>();
  /** A kind that does not happen although it is tried comes last some day. */
  readonly #tries = new Map<string, number>();
  readonly #impossible = new Set<string>();
  #next = 1;
  #count = 0;

  /** `struck` answers the strikes of all pieces and of the cells that were played. */
  constructor(seed: number, struck: () => Strikes) {
    this.#seed = seed;
    this.#struck = struck;
  }

  /** Returns the number of the next cell, which counts as under way until `ended`. */
  next(): { readonly number: number; readonly cell: AnyCell } {
    const struck = this.#struck();
    const isChosen = this.#count % RANDOM_EVERY !== 0 && this.#isAnyRare(struck);
    const choice = Array.from({ length: isChosen ? CHOICE : 1 }, (_, index) => {
      const number = this.#next + index;
      return { number, cell: drawCell(this.#seed, number) };
    });
    this.#next += choice.length;
    this.#count += 1;
    const counts = this.#counts(struck);
    const best = choice
      .map((drawn) => ({ ...drawn, strikes: least(drawn.cell, counts) }))
      .reduce((one, other) => (other.strikes < one.strikes ? other : one));
    this.#underWay.add(best.cell);
    for (const kind of Object.keys(kindsOf(best.cell)))
      this.#tries.set(kind, (this.#tries.get(kind) ?? 0) + 1);
    return { number: best.number, cell: best.cell };
  }

  ended(cell: AnyCell): void {
    this.#underWay.delete(cell);
  }

  /** The machine lacks what a cell needs: no other of its kinds is chosen. */
  leaveOut(cell: AnyCell): void {
    for (const kind of Object.keys(kindsOf(cell))) this.#impossible.add(kind);
  }

  #isAnyRare(struck: Strikes): boolean {
    return ALL_KINDS.some((kind) => !this.#impossible.has(kind) && (struck[kind] ?? 0) < ENOUGH_KEYS);
  }

  /** Counts what was struck, what is under way as if it were struck, and each try as one strike. */
  #counts(struck: Strikes): ReadonlyMap<string, number> {
    const counts = sumOfCounts([
      struck,
      Object.fromEntries(this.#tries),
      ...[...this.#underWay].map(kindsOf),
    ]);
    return new Map(
      ALL_KINDS.map((kind) => [kind, this.#impossible.has(kind) ? Infinity : (counts[kind] ?? 0)] as const),
    );
  }
}

/** The count of the rarest kind that a cell can strike. */
function least(cell: AnyCell, counts: ReadonlyMap<string, number>): number {
  return Math.min(...Object.keys(kindsOf(cell)).map((kind) => counts.get(kind) ?? 0));
}

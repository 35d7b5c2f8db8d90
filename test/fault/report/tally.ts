import type { Observed } from '../check.js';
import type { NaiveKey } from './naive-keys.js';
import type { Outcome } from './outcome.js';
import type { Piece } from './piece.js';
import { paidLine, thinned } from './plots.js';
import { sumOfTrials, type TrialsByPromise } from './promises.js';

/** A line of a plot needs no more. */
const POINTS_A_LINE = 200;

type Counts = Pick<Piece, 'cells' | 'keys' | 'paidKeys' | 'acceptedPosts' | 'inDoubt' | 'held'>;

/** Adds up what the cells of one piece have seen. */
export class Tally {
  readonly observed: Observed[] = [];
  readonly failedCells: string[] = [];
  readonly naiveKeys: NaiveKey[] = [];
  readonly #timesMs: number[] = [];
  #promises: TrialsByPromise = {};
  #counts: Counts = { cells: 0, keys: 0, paidKeys: 0, acceptedPosts: 0, inDoubt: 0, held: 0 };

  add(outcome: Outcome): void {
    const { cells, keys, paidKeys, acceptedPosts, inDoubt, held } = this.#counts;
    this.#counts = {
      cells: cells + 1,
      keys: keys + outcome.keys,
      paidKeys: paidKeys + outcome.paidKeys,
      acceptedPosts: acceptedPosts + outcome.acceptedPosts,
      inDoubt: inDoubt + outcome.inDoubt,
      held: held + outcome.held,
    };
    this.#promises = sumOfTrials([this.#promises, outcome.promises]);
    this.observed.push(...outcome.observed);
    this.naiveKeys.push(...outcome.naiveKeys);
    this.#timesMs.push(...outcome.timesToKnownMs);
  }

  get promises(): TrialsByPromise {
    return this.#promises;
  }

  get keys(): number {
    return this.#counts.keys;
  }

  /** Keys that were paid for twice. */
  get duplicates(): number {
    return this.#promises.paid?.violations ?? 0;
  }

  /** The piece so far; `naive` are the POSTs that were accepted for each key of the naive client. */
  piece(
    about: Pick<Piece, 'seed' | 'version' | 'machine' | 'startedAt' | 'minutes'>,
    naive: readonly number[],
  ): Piece {
    const times = this.#timesMs.toSorted((a, b) => a - b);
    const line = naive.length === 0 ? [] : paidLine('naive client', naive);
    return {
      ...about,
      ...this.#counts,
      promises: this.#promises,
      failedCells: this.failedCells,
      timesToKnown: { keys: times.length, ms: [...thinned(times, POINTS_A_LINE)] },
      naive: {
        keys: naive.length,
        line: thinned(line, POINTS_A_LINE).map(({ keys, posts }) => [keys, posts]),
      },
    };
  }
}

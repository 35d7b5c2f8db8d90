import { isCompleted, type Observed } from './check.js';
import { type NaiveKey, naiveKeyOf } from './naive-keys.js';
import type { RunResult } from './play.js';
import type { Cell } from './run-cell.js';

/** The report of a proof, in the shape in which it is published. */
export interface ProofReport {
  readonly seed: number;
  readonly minutes: number;
  readonly runs: number;
  readonly keys: number;
  readonly faultsFired: Readonly<Record<string, number>>;
  readonly acceptedPosts: number;
  readonly duplicates: number;
  readonly unknowns: number;
  readonly held: number;
  /** Keys with an outcome, or held where a person is to decide. */
  readonly completedShare: number;
  readonly timeToKnownMs: { readonly p50: number; readonly p99: number };
  /** With none seen in n accepted POSTs, duplicates are rarer than this with 95 % confidence. */
  readonly upperBound95: number;
  readonly failedCells: readonly string[];
}

/** Adds up what the cells of a proof have seen. */
export class Tally {
  readonly observed: Observed[] = [];
  /** From the fault to the last answer about a key, for each key that was open when it struck. */
  readonly timesToKnownMs: number[] = [];
  readonly failedCells: string[] = [];
  readonly naiveKeys: NaiveKey[] = [];
  readonly #fired = new Map<string, number>();
  #runs = 0;

  add(cell: Cell, { observed, fired, struckAtMs }: RunResult): void {
    this.#runs += 1;
    for (const [index, { key }] of observed.entries()) {
      const naive = naiveKeyOf(cell, key, index);
      if (naive !== undefined) this.naiveKeys.push(naive);
    }
    this.observed.push(...observed);
    for (const [fault, keys] of Object.entries(fired)) {
      this.#fired.set(fault, (this.#fired.get(fault) ?? 0) + keys.length);
    }
    for (const { answers } of observed) {
      const lastMs = Math.max(...answers.map(({ atMs }) => atMs - struckAtMs));
      if (lastMs > 0) this.timesToKnownMs.push(lastMs);
    }
  }

  get runs(): number {
    return this.#runs;
  }

  get duplicates(): number {
    return this.observed.reduce((sum, { accepted }) => sum + Math.max(0, accepted.length - 1), 0);
  }

  report(seed: number, minutes: number): ProofReport {
    const keys = this.observed.length;
    const acceptedPosts = this.observed.reduce((sum, { accepted }) => sum + accepted.length, 0);
    const times = this.timesToKnownMs.toSorted((a, b) => a - b);
    const share = this.observed.filter(isCompleted).length / Math.max(1, keys);
    return {
      seed,
      minutes,
      runs: this.#runs,
      keys,
      faultsFired: Object.fromEntries([...this.#fired].toSorted(([a], [b]) => a.localeCompare(b))),
      acceptedPosts,
      duplicates: this.duplicates,
      unknowns: this.observed.filter(({ wasUnknown }) => wasUnknown).length,
      held: this.observed.filter(({ answers }) => answers.some(({ told }) => told === 'held')).length,
      completedShare: Number(share.toFixed(6)),
      timeToKnownMs: { p50: quantile(times, 0.5), p99: quantile(times, 0.99) },
      upperBound95: acceptedPosts === 0 ? 1 : Number((3 / acceptedPosts).toPrecision(3)),
      failedCells: this.failedCells,
    };
  }
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

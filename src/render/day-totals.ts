import { DAY_MS } from '../text/time.js';

/** A sum of all days, and the sums of single UTC days by their number since 1970. */
export type DayTotalsRecord = readonly [total: number, days: Readonly<Record<string, number>>];

/** Days that are kept one by one: a month's window needs 31. Days with reservations are kept by their reservations. */
const DAYS_KEPT = 70;

/** Sums of credits by UTC day, and of all days. */
export class DayTotals {
  #total: number;
  readonly #days: Map<number, number>;

  constructor([total, days]: DayTotalsRecord = [0, {}]) {
    this.#total = total;
    this.#days = new Map(Object.entries(days).map(([day, sum]) => [Number(day), sum]));
  }

  get total(): number {
    return this.#total;
  }

  add(atMs: number, credits: number): void {
    if (credits === 0) return;
    const day = dayOf(atMs);
    const sum = (this.#days.get(day) ?? 0) + credits;
    if (sum === 0) this.#days.delete(day);
    else this.#days.set(day, sum);
    this.#total += credits;
  }

  /** Returns the sum from the begin of a window on; 0 stands for all time. */
  since(startMs: number): number {
    if (startMs === 0) return this.#total;
    const first = dayOf(startMs);
    let sum = 0;
    for (const [day, credits] of this.#days) if (day >= first) sum += credits;
    return sum;
  }

  record(): DayTotalsRecord {
    const days = [...this.#days].toSorted(([one], [other]) => one - other).slice(-DAYS_KEPT);
    return [this.#total, Object.fromEntries(days)];
  }
}

function dayOf(atMs: number): number {
  return Math.floor(atMs / DAY_MS);
}

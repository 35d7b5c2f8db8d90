import { isoOf } from '../text/time.js';
import type { ReservationView } from './budget.js';
import { DayTotals } from './day-totals.js';

/** A reservation of one run. */
export interface Reservation {
  readonly run: string;
  readonly key: string;
  /** The run of the chain that reserved last, and the number of its submission. */
  readonly runId: string;
  readonly number: number;
  /** Submissions that it covers, and the credits of each. */
  readonly count: number;
  readonly credits: number;
  /** Its window is the one that holds this time. */
  readonly atMs: number;
  /** Time of the last submission that it was made for. */
  readonly lastMs: number;
  readonly isInDoubt: boolean;
}

/** A reservation without the names of its members: a budget carries thousands from run to run. */
export type ReservationRecord = readonly [
  run: string,
  key: string,
  runId: string,
  number: number,
  count: number,
  credits: number,
  atMs: number,
  lastMs: number,
  isInDoubt: 0 | 1,
];

/** All reservations are one payload; the engine refuses payloads over 2 MiB, and a codec may add a third. */
const MOST_BYTES = 1_200_000;

/** Bytes of a record besides its key, whose characters have at most 3 bytes each. */
const RECORD_BYTES = 160;

function bytesOf(key: string): number {
  return RECORD_BYTES + 3 * key.length;
}

/** The reservations of a budget by run, with their sums by day. */
export class Reservations {
  readonly open = new DayTotals();
  readonly inDoubt = new DayTotals();
  readonly #byRun = new Map<string, Reservation>();
  #bytes = 0;

  constructor(records: readonly ReservationRecord[]) {
    for (const [run, key, runId, number, count, credits, atMs, lastMs, isInDoubt] of records)
      this.put({ run, key, runId, number, count, credits, atMs, lastMs, isInDoubt: isInDoubt === 1 });
  }

  of(run: string): Reservation | undefined {
    return this.#byRun.get(run);
  }

  /** True if the record has room for a reservation of one more run. */
  hasRoomFor(key: string): boolean {
    return this.#bytes + bytesOf(key) <= MOST_BYTES;
  }

  /** Adds a reservation, or replaces the one of its run. One that covers no submission ends. */
  put(reservation: Reservation): void {
    this.#remove(reservation.run);
    if (reservation.count <= 0) return;
    this.#byRun.set(reservation.run, reservation);
    this.#bytes += bytesOf(reservation.key);
    this.#book(reservation, 1);
  }

  /** Returns open reservations whose last submission is older than a time, the oldest first. */
  openBefore(beforeMs: number): Reservation[] {
    const old = [...this.#byRun.values()].filter((each) => !each.isInDoubt && each.lastMs < beforeMs);
    return old.toSorted((one, other) => one.lastMs - other.lastMs);
  }

  counts(): { readonly open: number; readonly inDoubt: number } {
    const inDoubt = [...this.#byRun.values()].filter((each) => each.isInDoubt).length;
    return { open: this.#byRun.size - inDoubt, inDoubt };
  }

  /** Returns a page of them, in the order of their making. */
  page(from: number, limit: number): ReservationView[] {
    return [...this.#byRun.values()].slice(from, from + limit).map((each) => ({
      key: each.key,
      run: each.run,
      runId: each.runId,
      credits: each.count * each.credits,
      at: isoOf(each.atMs),
      state: each.isInDoubt ? 'in doubt' : 'open',
    }));
  }

  records(): ReservationRecord[] {
    return [...this.#byRun.values()].map(
      ({ run, key, runId, number, count, credits, atMs, lastMs, isInDoubt }) =>
        [run, key, runId, number, count, credits, atMs, lastMs, isInDoubt ? 1 : 0] as const,
    );
  }

  #remove(run: string): void {
    const before = this.#byRun.get(run);
    if (before === undefined) return;
    this.#byRun.delete(run);
    this.#bytes -= bytesOf(before.key);
    this.#book(before, -1);
  }

  #book({ isInDoubt, atMs, count, credits }: Reservation, sign: 1 | -1): void {
    (isInDoubt ? this.inDoubt : this.open).add(atMs, sign * count * credits);
  }
}

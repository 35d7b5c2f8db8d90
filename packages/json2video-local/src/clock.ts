/** Node's own limit for one timer (2^31 - 1 ms); longer waits are armed again. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** Real time for which the clock says in advance how far it will go, milliseconds. */
const FORESEEN_MS = 1_000;

/**
 * The server's clock. It runs `scale` times faster than real time, and can be moved forward by hand; with scale 0 it
 * moves by hand only. It never moves backwards.
 *
 * All provider time (render times, the 15 minutes, the 7 days, list dates) comes from it, so that a test can pass
 * through a week in a moment.
 */
export class ScaledClock {
  /** Called before it shows a time later than any announced: it will show none after this one until the next call. */
  onAhead: ((untilMs: number) => void) | undefined;
  readonly #scale: number;
  readonly #originMs: number;
  readonly #realOriginMs = performance.now();
  readonly #alarms = new AlarmHeap();
  #advancedMs = 0;
  #announcedMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  /** Time of this clock at which the timer rings; only an earlier alarm arms it again. */
  #armedForMs = Number.POSITIVE_INFINITY;
  #isClosed = false;

  constructor(options: { scale: number; startAtMs: number }) {
    this.#scale = options.scale;
    this.#originMs = options.startAtMs;
  }

  get scale(): number {
    return this.#scale;
  }

  /** Milliseconds since the epoch, by this clock. */
  now(): number {
    const elapsedMs = (performance.now() - this.#realOriginMs) * this.#scale;
    const nowMs = Math.floor(this.#originMs + this.#advancedMs + elapsedMs);
    if (nowMs > this.#announcedMs && this.onAhead !== undefined) {
      this.#announcedMs = nowMs + FORESEEN_MS * this.#scale;
      this.onAhead(this.#announcedMs);
    }
    return nowMs;
  }

  /** Moves it to this time, unless it is past it. Nothing rings. */
  notBefore(timeMs: number): void {
    this.#advancedMs += Math.max(0, timeMs - this.now());
  }

  /** Calls `ring` once this clock has reached `dueMs`, never synchronously. */
  at(dueMs: number, ring: Alarm['ring']): void {
    this.#alarms.push({ dueMs, ring });
    if (dueMs < this.#armedForMs) this.#arm();
  }

  /** Rings everything that is due. Readers call it first: otherwise a reply could show a state that is over. */
  runDue(): void {
    for (;;) {
      const next = this.#alarms.first;
      if (next === undefined || next.dueMs > this.now()) break;
      this.#alarms.pop();
      next.ring(next.dueMs);
    }
  }

  advance(seconds: number): void {
    if (!(seconds >= 0))
      throw new RangeError('The clock only moves forward: advanceSeconds must be 0 or more.');
    this.#advancedMs += seconds * 1000;
    this.runDue();
    this.#arm();
  }

  close(): void {
    this.#isClosed = true;
    this.#alarms.clear();
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#armedForMs = Number.POSITIVE_INFINITY;
    const next = this.#alarms.first;
    if (next === undefined || this.#isClosed) return;
    const isDue = next.dueMs <= this.now();
    // Waiting does not move a clock that stands still.
    if (this.#scale === 0 && !isDue) return;
    const waitMs = isDue ? 0 : Math.ceil((next.dueMs - this.now()) / this.#scale);
    this.#armedForMs = next.dueMs;
    this.#timer = setTimeout(
      () => {
        this.runDue();
        this.#arm();
      },
      Math.min(waitMs, LONGEST_TIMER_MS),
    );
  }
}

/** A function to call at a time of the clock. */
interface Alarm {
  readonly dueMs: number;
  readonly ring: (dueMs: number) => void;
}

/** Alarms in the order of their times; those of one moment ring in the order in which they were set. */
class AlarmHeap {
  #heap: { readonly alarm: Alarm; readonly order: number }[] = [];
  #lastOrder = 0;

  get first(): Alarm | undefined {
    return this.#heap[0]?.alarm;
  }

  push(alarm: Alarm): void {
    this.#lastOrder += 1;
    let place = this.#heap.length;
    this.#heap.push({ alarm, order: this.#lastOrder });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  /** Removes the first. */
  pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const child = this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(child, place)) return;
      this.#swap(place, child);
      place = child;
    }
  }

  clear(): void {
    this.#heap = [];
  }

  /** True if the first place is filled and comes before the other. */
  #isBefore(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return false;
    const byTime = a.alarm.dueMs - b.alarm.dueMs;
    return byTime === 0 ? a.order < b.order : byTime < 0;
  }

  #swap(one: number, other: number): void {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined) return;
    this.#heap[one] = b;
    this.#heap[other] = a;
  }
}

import type { Alarm } from './alarm-heap.js';
import { AlarmHeap } from './alarm-heap.js';

/** Node's own limit for one timer (2^31 - 1 ms); longer waits are armed again. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The fake's clock: runs `scale` times faster than real time and can be moved forward by hand; with scale 0 it
 * stands still but for that.
 *
 * All provider time (render times, the 15 minutes, the 7 days, list dates) is read here, so that a test can
 * live through a week in a moment. Never moves backwards.
 */
export class ScaledClock {
  readonly #scale: number;
  readonly #originMs: number;
  readonly #realOriginMs = performance.now();
  readonly #alarms = new AlarmHeap();
  #advancedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer rings, by this clock: it is armed again only for something earlier. */
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
    return Math.floor(this.#originMs + this.#advancedMs + elapsedMs);
  }

  /** Calls `ring` once when this clock has reached `dueMs`, never synchronously. */
  at(dueMs: number, ring: Alarm['ring']): void {
    this.#alarms.push({ dueMs, ring });
    if (dueMs < this.#armedForMs) this.#arm();
  }

  /**
   * Rings everything that is due. Readers call it first: otherwise a reply could show a state that, by the
   * time it names, is over already.
   */
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
    // A clock that stands still gets nowhere by waiting.
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

interface Alarm {
  readonly dueMs: number;
  readonly ring: (dueMs: number) => void;
}

/** Node's own limit for one timer (2^31 - 1 ms); longer waits are armed again. */
const LONGEST_TIMER_MS = 2_147_483_647;

/**
 * The fake's clock: runs `scale` times faster than real time and can be moved forward by hand.
 *
 * All provider time (render times, the 15 minutes, the 7 days, list dates) is read here, so that a test can
 * live through a week in a moment. Never moves backwards.
 */
export class ScaledClock {
  readonly #scale: number;
  readonly #originMs: number;
  readonly #realOriginMs = performance.now();
  readonly #alarms: Alarm[] = [];
  #advancedMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: { scale: number; startAtMs: number }) {
    this.#scale = options.scale;
    this.#originMs = options.startAtMs;
  }

  /** Milliseconds since the epoch, by this clock. */
  now(): number {
    const elapsedMs = (performance.now() - this.#realOriginMs) * this.#scale;
    return Math.floor(this.#originMs + this.#advancedMs + elapsedMs);
  }

  /** Calls `ring` once when this clock has reached `dueMs`, never synchronously. */
  at(dueMs: number, ring: (dueMs: number) => void): void {
    const after = this.#alarms.findIndex((alarm) => alarm.dueMs > dueMs);
    this.#alarms.splice(after === -1 ? this.#alarms.length : after, 0, { dueMs, ring });
    this.#arm();
  }

  /**
   * Rings everything that is due. Readers call it first: otherwise a reply could show a state that, by the
   * time it names, is over already.
   */
  runDue(): void {
    for (;;) {
      const next = this.#alarms[0];
      if (next === undefined || next.dueMs > this.now()) break;
      this.#alarms.shift();
      next.ring(next.dueMs);
    }
    this.#arm();
  }

  advance(seconds: number): void {
    if (!(seconds >= 0))
      throw new RangeError('The clock only moves forward: advanceSeconds must be 0 or more.');
    this.#advancedMs += seconds * 1000;
    this.runDue();
  }

  close(): void {
    this.#closed = true;
    this.#alarms.length = 0;
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#alarms[0];
    if (next === undefined || this.#closed) return;
    const waitMs = Math.max(0, Math.ceil((next.dueMs - this.now()) / this.#scale));
    this.#timer = setTimeout(() => this.runDue(), Math.min(waitMs, LONGEST_TIMER_MS));
  }
}

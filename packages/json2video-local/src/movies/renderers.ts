/** The account's renderers: the plan allows a number of movies at a time, the others wait. */
export class Renderers {
  readonly #freeAtMs: number[];

  constructor(count: number | undefined) {
    this.#freeAtMs = count === undefined ? [] : Array.from({ length: count }, () => 0);
  }

  /** Takes a renderer for work that is ready at `readyAtMs` and lasts `busyMs`; returns its start. */
  take(readyAtMs: number, busyMs: number): number {
    if (this.#freeAtMs.length === 0) return readyAtMs;
    const earliest = Math.min(...this.#freeAtMs);
    const startMs = Math.max(readyAtMs, earliest);
    this.#freeAtMs[this.#freeAtMs.indexOf(earliest)] = startMs + busyMs;
    return startMs;
  }
}

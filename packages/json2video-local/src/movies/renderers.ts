/** The account's renderers: as many movies at a time as the plan allows, the others wait their turn. */
export class Renderers {
  readonly #freeAtMs: number[];

  constructor(count: number | undefined) {
    this.#freeAtMs = count === undefined ? [] : Array.from({ length: count }, () => 0);
  }

  /** When the work can start that is ready at `readyAtMs` and takes `busyMs`; takes a renderer for it. */
  take(readyAtMs: number, busyMs: number): number {
    if (this.#freeAtMs.length === 0) return readyAtMs;
    const earliest = Math.min(...this.#freeAtMs);
    const startMs = Math.max(readyAtMs, earliest);
    this.#freeAtMs[this.#freeAtMs.indexOf(earliest)] = startMs + busyMs;
    return startMs;
  }
}

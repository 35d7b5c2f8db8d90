import type { Client } from '@temporalio/client';
import { countEndedRuns, type EndedRun, readEndedRuns } from './ended-runs.js';

/** The index lags behind the engine: what ended within this time before the newest run is read again. */
const LAG_MS = 5 * 60_000;
/** Remembered runs, a few hundred bytes each; older ones are read each time. */
const MOST_RUNS = 20_000;

/** Whose runs, and how long the index may lag. */
interface MemoryOptions {
  /** Only keys that begin with this text. */
  readonly keyPrefix?: string | undefined;
  readonly lagMs?: number;
}

/** All runs that ended in a span of time, the last ended first. */
interface Span {
  readonly runs: readonly EndedRun[];
  readonly sinceMs: number;
  readonly beforeMs: number;
}

/**
 * Remembers ended runs, since the engine takes seconds to list ten thousand. An ended run never changes, but the engine
 * forgets it, and its index may learn of it late: a count shows both.
 */
export class EndedMemory {
  readonly #client: Client;
  readonly #keyPrefix: string | undefined;
  readonly #lagMs: number;
  #known: Span = { runs: [], sinceMs: 0, beforeMs: 0 };
  #reading: Promise<unknown> = Promise.resolve();

  constructor(client: Client, { keyPrefix, lagMs = LAG_MS }: MemoryOptions = {}) {
    this.#client = client;
    this.#keyPrefix = keyPrefix;
    this.#lagMs = lagMs;
  }

  /** Returns the runs that ended at this time or later, as `readEndedRuns` does. */
  read(since: Date): Promise<readonly EndedRun[]> {
    // One after the other: the second finds what the first has read.
    const reading = this.#reading.then(() => this.#read(since.getTime()));
    this.#reading = reading.catch(() => undefined);
    return reading;
  }

  async #read(sinceMs: number): Promise<readonly EndedRun[]> {
    const known = await this.#stillTrue(sinceMs);
    const [later, earlier] = await Promise.all([
      this.#ask(known.beforeMs),
      sinceMs < known.sinceMs ? this.#ask(sinceMs, known.sinceMs) : [],
    ]);
    const runs = [...later, ...known.runs, ...earlier];
    const settledMs = (runs[0]?.closedAtMs ?? sinceMs) - this.#lagMs;
    const settled = runs.filter(({ closedAtMs }) => closedAtMs < settledMs);
    const from = Math.min(sinceMs, known.sinceMs);
    this.#known = newest({ runs: settled, sinceMs: from, beforeMs: settledMs }, MOST_RUNS);
    return runs.filter(({ closedAtMs }) => closedAtMs >= sinceMs);
  }

  /** Returns what is remembered and still in the index, which forgets the oldest first. */
  async #stillTrue(sinceMs: number): Promise<Span> {
    let known = this.#known;
    while (known.runs.length > 0) {
      const terms = { since: new Date(known.sinceMs), before: new Date(known.beforeMs) };
      const count = await countEndedRuns(this.#client, { ...terms, keyPrefix: this.#keyPrefix });
      if (count === known.runs.length) return known;
      known = newest(known, Math.floor(known.runs.length / 2));
    }
    return { runs: [], sinceMs, beforeMs: sinceMs };
  }

  async #ask(sinceMs: number, beforeMs?: number): Promise<readonly EndedRun[]> {
    const before = beforeMs === undefined ? undefined : new Date(beforeMs);
    return readEndedRuns(this.#client, { since: new Date(sinceMs), before, keyPrefix: this.#keyPrefix });
  }
}

/** Shortens a span until it has a number of runs at most. */
function newest(span: Span, most: number): Span {
  const first = span.runs[most];
  if (first === undefined) return span;
  const sinceMs = first.closedAtMs + 1;
  return { ...span, sinceMs, runs: span.runs.filter(({ closedAtMs }) => closedAtMs >= sinceMs) };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../text/text.js';

/** A process that a supervisor keeps running. */
interface Child {
  /** Resolves when the process has ended, for any reason. */
  readonly exited: Promise<unknown>;
  stop(): Promise<void>;
}

interface Kept<C extends Child> {
  /** The process that runs, or the one that ended last. */
  readonly current: C;
  /** Ends the process and starts no other. */
  stop(): Promise<void>;
}

interface Supervision<C extends Child> {
  /** Name for the reader, e.g. `the worker`. */
  readonly name: string;
  /** Starts the process; gets the one before it, whose addresses the others know. */
  readonly start: (before?: C) => Promise<C>;
  readonly note: (line: string) => void;
  /** Default: the pauses of `PAUSES`. */
  readonly pauses?: typeof PAUSES;
}

/** Pauses before a replacement, which double from the first to the last, and start anew after a run of `steadyMs`. */
const PAUSES = { firstMs: 1_000, lastMs: 15_000, steadyMs: 60_000 };

/**
 * Starts a process and replaces it whenever it ends, by whatever signal and however often. A replacement that does not
 * start is followed by another.
 *
 * @throws the error of the first start
 */
export async function supervise<C extends Child>(supervision: Supervision<C>): Promise<Kept<C>> {
  return new Supervisor(supervision, await supervision.start());
}

class Supervisor<C extends Child> implements Kept<C> {
  current: C;
  readonly #given: Supervision<C>;
  readonly #pauses: typeof PAUSES;
  readonly #stopping = new AbortController();
  readonly #kept: Promise<void>;
  #startedMs = performance.now();
  #pauseMs: number;

  constructor(given: Supervision<C>, first: C) {
    this.#given = given;
    this.#pauses = given.pauses ?? PAUSES;
    this.#pauseMs = this.#pauses.firstMs;
    this.current = first;
    this.#kept = this.#keep();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.current.stop();
    await this.#kept;
  }

  get #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #keep(): Promise<void> {
    while (!this.#isStopping) {
      await this.current.exited;
      await this.#replace();
    }
    // A process that came up during the stop has missed it.
    await this.current.stop();
  }

  async #replace(): Promise<void> {
    for (let reason = 'ended'; !this.#isStopping;) {
      await this.#pause(reason);
      if (this.#isStopping) return;
      this.#startedMs = performance.now();
      try {
        this.current = await this.#given.start(this.current);
        return;
      } catch (error) {
        reason = `did not start (${messageOf(error)})`;
      }
    }
  }

  async #pause(reason: string): Promise<void> {
    const { firstMs, lastMs, steadyMs } = this.#pauses;
    if (performance.now() - this.#startedMs >= steadyMs) this.#pauseMs = firstMs;
    const pauseMs = this.#pauseMs;
    this.#given.note(`${this.#given.name} ${reason}; starting another in ${Math.ceil(pauseMs / 1_000)} s`);
    await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    this.#pauseMs = Math.min(2 * pauseMs, lastMs);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../support/until.js';

interface LoadTerms {
  readonly prefix: string;
  readonly callers: number;
  /** Pause of a caller between two keys; none by default. */
  readonly pauseMs?: number | undefined;
  /** Time after which a key without a project is a failure. */
  readonly drainMs: number;
  /** Submits a key once; returns its project if it was acknowledged. Never throws. */
  readonly submit: (key: string) => Promise<string | undefined>;
}

/** Callers that submit one key after the other, and call again with the same key until they have a project. */
export class Load {
  readonly keys = new Set<string>();
  readonly acknowledged = new Map<string, string>();
  open = 0;
  #isOver = false;
  readonly #terms: LoadTerms;
  readonly #callers: Promise<unknown>;

  constructor(terms: LoadTerms) {
    this.#terms = terms;
    this.#callers = Promise.all(Array.from({ length: terms.callers }, (_, number) => this.#call(number)));
    // `stop` tells of it, unless the experiment has failed before.
    this.#callers.catch(() => undefined);
  }

  /** Begins no more keys, and waits until each has its project. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#callers;
  }

  async #call(caller: number): Promise<void> {
    const { prefix, pauseMs = 0, drainMs, submit } = this.#terms;
    for (let number = 0; !this.#isOver; number += 1) {
      const key = `${prefix}-${caller}-${number}`;
      this.keys.add(key);
      const ask = async (): Promise<string | undefined> => {
        this.open += 1;
        const project = await submit(key);
        this.open -= 1;
        return project;
      };
      this.acknowledged.set(key, await until(`${key} has a project`, ask, drainMs));
      if (pauseMs > 0) await pause(pauseMs);
    }
  }
}

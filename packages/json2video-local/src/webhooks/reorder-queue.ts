import type { EffectOf } from '../faults/fault-rule.js';

/** A set of webhooks that leave in reverse order: the first one waits for the others. */
class Batch {
  readonly #passes: (() => void)[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  get isFull(): boolean {
    return this.#passes.length >= this.#size;
  }

  /** Resolves when it is this webhook's turn; call `next` when it has been sent. */
  async join(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#passes.push(resolve);
      if (this.isFull) this.next();
    });
  }

  /** Lets the last of the waiting ones go. */
  next(): void {
    this.#passes.pop()?.();
  }
}

/** Time that a batch waits to fill up, real milliseconds. */
const DEFAULT_PATIENCE_MS = 1_000;

/** Reorders webhooks of several movies under one rule. */
export class ReorderQueue {
  readonly #batches = new Map<string, Batch>();
  readonly #timers = new Set<NodeJS.Timeout>();

  /** Runs `send` in its turn: in batches of `n` (2), each reversed; an unfilled batch leaves after `ms` (1000). */
  async take(ruleId: string, effect: EffectOf<'webhook'>, send: () => Promise<void>): Promise<void> {
    let batch = this.#batches.get(ruleId);
    if (batch === undefined) {
      batch = this.#open(ruleId, effect);
    }
    const turn = batch.join();
    if (batch.isFull) this.#batches.delete(ruleId);
    await turn;
    await send();
    batch.next();
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #open(ruleId: string, effect: EffectOf<'webhook'>): Batch {
    const batch = new Batch(effect.n ?? 2);
    this.#batches.set(ruleId, batch);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#batches.get(ruleId) !== batch) return;
      this.#batches.delete(ruleId);
      batch.next();
    }, effect.ms ?? DEFAULT_PATIENCE_MS);
    this.#timers.add(timer);
    return batch;
  }
}

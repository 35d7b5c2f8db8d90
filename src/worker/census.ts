import type { Client } from '@temporalio/client';
import { CENSUS_DEADLINE_MS, CENSUS_INTERVAL_MS, CENSUS_RENDERS } from '../render/limits.js';
import { listRenders } from '../starter/list.js';
import { RENDER_MOVIE } from '../workflows/messages.js';

/** The states of renders that are under way. */
const OPEN_STATES = ['submitting', 'waiting', 'unknown', 'held', 'rendering'] as const;

/** Those in which a doubt waits to be settled, and whose age tells that somebody should look. */
const DOUBTFUL_STATES = ['unknown', 'held'] as const;

/** How the renders of the namespace stand, by the engine's index. */
export interface Count {
  /** Renders by state. */
  readonly renders: ReadonlyMap<string, number>;
  /** By state, how long ago the oldest render was started; 0 where there is none. */
  readonly oldestAgeSeconds: ReadonlyMap<string, number>;
}

/**
 * Counts renders in the engine, which forgets nothing when a worker does. An answer is kept for a while, and all who ask
 * meanwhile share it.
 */
export class Census {
  readonly #client: Client;
  readonly #now: () => number;
  #last: { readonly atMs: number; readonly count: Promise<Count> } | undefined;

  constructor(client: Client, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** Rejects when the engine does not tell in time. */
  take(): Promise<Count> {
    const nowMs = this.#now();
    if (this.#last === undefined || nowMs - this.#last.atMs >= CENSUS_INTERVAL_MS) {
      this.#last = { atMs: nowMs, count: this.#count(nowMs) };
    }
    return this.#last.count;
  }

  async #count(nowMs: number): Promise<Count> {
    const [renders, ages] = await Promise.all([
      Promise.all(OPEN_STATES.map(async (state) => [state, await this.#rendersIn(state, nowMs)] as const)),
      Promise.all(DOUBTFUL_STATES.map(async (state) => [state, await this.#ageOf(state, nowMs)] as const)),
    ]);
    return { renders: new Map(renders), oldestAgeSeconds: new Map(ages) };
  }

  async #rendersIn(state: string, nowMs: number): Promise<number> {
    const query = `WorkflowType="${RENDER_MOVIE}" AND ExecutionStatus="Running" AND RenderState="${state}"`;
    const { count } = await this.#client.withDeadline(nowMs + CENSUS_DEADLINE_MS, () =>
      this.#client.workflow.count(query),
    );
    return count;
  }

  /** The index cannot sort, so all renders of the state are read, up to a limit. */
  async #ageOf(state: (typeof DOUBTFUL_STATES)[number], nowMs: number): Promise<number> {
    let oldestMs = nowMs;
    let read = 0;
    for await (const { startedAt } of listRenders(this.#client, { state })) {
      oldestMs = Math.min(oldestMs, Date.parse(startedAt));
      read += 1;
      if (read === CENSUS_RENDERS) break;
    }
    return (nowMs - oldestMs) / 1_000;
  }
}

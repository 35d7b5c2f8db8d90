import type { Client } from '@temporalio/client';
import { Gauge, type Registry } from 'prom-client';
import { listRenders } from '../starter/list.js';
import { WORKFLOWS } from '../workflows/messages.js';

/** Least time between two counts, for all scrapes together; the engine's index may lag by a second anyway. */
const INTERVAL_MS = 20_000;

/** Time in which the engine must count; Prometheus gives a scrape 10 s. */
const DEADLINE_MS = 5_000;

/** Most renders of one state that are read for the age of the oldest. */
const RENDERS_READ = 1_000;

/** The states of open renders. */
const OPEN_STATES = ['submitting', 'waiting', 'unknown', 'held', 'rendering'] as const;

/** The states of a doubt; an old render in one of them needs a person. */
const DOUBTFUL_STATES = ['unknown', 'held'] as const;

/** Numbers and ages of the open renders of the namespace, from the engine's index. */
interface Count {
  /** Renders by state. */
  readonly renders: ReadonlyMap<string, number>;
  /** Age of the oldest render by state; 0 if there is none. */
  readonly oldestAgeSeconds: ReadonlyMap<string, number>;
}

/**
 * Counts renders in the engine, so that no count is lost with a worker. It keeps an answer for a while and gives it to all
 * callers.
 */
export class Census {
  readonly #client: Client;
  readonly #now: () => number;
  #last: { readonly atMs: number; readonly count: Promise<Count> } | undefined;

  constructor(client: Client, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /** Rejects if the engine does not answer in time. */
  take(): Promise<Count> {
    const nowMs = this.#now();
    if (this.#last === undefined || nowMs - this.#last.atMs >= INTERVAL_MS) {
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
    const query = `WorkflowType="${WORKFLOWS.render}" AND ExecutionStatus="Running" AND RenderState="${state}"`;
    const { count } = await this.#client.withDeadline(nowMs + DEADLINE_MS, () =>
      this.#client.workflow.count(query),
    );
    return count;
  }

  /** Reads all renders of the state, up to a limit, since the index cannot sort. */
  async #ageOf(state: (typeof DOUBTFUL_STATES)[number], nowMs: number): Promise<number> {
    let oldestMs = nowMs;
    let read = 0;
    for await (const { startedAt } of listRenders(this.#client, { state })) {
      oldestMs = Math.min(oldestMs, Date.parse(startedAt));
      read += 1;
      if (read === RENDERS_READ) break;
    }
    return (nowMs - oldestMs) / 1_000;
  }
}

/**
 * Registers gauges that one census fills at each scrape. While the engine does not answer, they are absent instead of old.
 */
export function watchRenders(registry: Registry, census: Pick<Census, 'take'>): void {
  stateGauge(registry, 'renderonce_renders', 'Open renders of the namespace, by state', async () => {
    const { renders } = await census.take();
    return renders;
  });
  const help = 'Time since the start of the oldest render in a state';
  stateGauge(registry, 'renderonce_oldest_render_age_seconds', help, async () => {
    const { oldestAgeSeconds } = await census.take();
    return oldestAgeSeconds;
  });
  const isUp: Gauge = new Gauge({
    name: 'renderonce_engine_up',
    help: '1 if the engine answered the count of renders, else 0',
    registers: [registry],
    collect: async () => {
      const count = await census.take().catch(() => undefined);
      isUp.set(count === undefined ? 0 : 1);
    },
  });
}

function stateGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => Promise<ReadonlyMap<string, number>>,
): void {
  const gauge: Gauge<'state'> = new Gauge({
    name,
    help,
    labelNames: ['state'],
    registers: [registry],
    collect: async () => {
      const values = await read().catch(() => undefined);
      gauge.reset();
      for (const [state, value] of values ?? []) gauge.set({ state }, value);
    },
  });
}

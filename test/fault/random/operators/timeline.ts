import { setTimeout as pause } from 'node:timers/promises';
import { pick, type Random } from '../../../support/random.js';
import type { RandomProvider } from '../provider/server.js';
import { between, chance, randomOf, weighted } from '../draw.js';
import type { RandomStage } from '../stage.js';
import { WorkerHost } from './processes.js';

/** Owner of a worker's API key: the account, the account with a newer key, or another account. */
export type KeyChoice = 'own' | 'rotated' | 'other account';

export const API_KEYS: readonly KeyChoice[] = ['own', 'rotated', 'other account'];

export function apiKeyOf(taskQueue: string, choice: KeyChoice): string {
  return `${taskQueue}-${choice.replace(' ', '-')}`;
}

/** A provider and the task queue of its workers. */
export interface Served {
  readonly number: number;
  readonly taskQueue: string;
  readonly provider: Pick<RandomProvider, 'url'>;
}

/** Something that happens to workers or engine, at a time since the begin. */
export type Event = { readonly atMs: number } & (
  | { readonly do: 'kill' | 'restart engine'; readonly awayMs: number }
  | { readonly do: 'replace' }
  | { readonly do: 'join'; readonly forMs: number }
);

/**
 * Draws what happens to the workers of one play, whose keys begin in the course of `spreadMs`, and to its engine if it has
 * a file.
 */
export function drawTimeline(random: Random, spreadMs: number, onDisk: boolean): readonly Event[] {
  const within = (least: number, most: number): number =>
    between(random, least, most) + Math.round(random() * spreadMs);
  // A look that is lost with its worker is missed after 90 s, so a worker is killed early.
  const killed: Event = {
    do: 'kill',
    atMs: within(4_000, 20_000),
    awayMs: between(random, 0, 3_000),
  };
  const isKilled = chance(random, 0.8);
  const changed: Event = chance(random, 0.5)
    ? { do: 'replace', atMs: within(24_000, 40_000) }
    : { do: 'join', atMs: within(24_000, 35_000), forMs: between(random, 8_000, 15_000) };
  const restarts = Array.from({ length: onDisk ? between(random, 1, 2) : 0 }, (): Event => {
    return { do: 'restart engine', atMs: within(3_000, 45_000), awayMs: between(random, 0, 4_000) };
  });
  const events = [...(isKilled ? [killed] : []), changed, ...restarts];
  return events.toSorted((one, other) => one.atMs - other.atMs);
}

/** Draws whose API key the workers of a provider have after an event. */
function choiceAfter(seed: number, provider: number, { do: what }: Event): KeyChoice {
  const random = randomOf(seed, provider, 'key after', what);
  return weighted(random, { own: 4, rotated: 2, 'other account': 2 });
}

/** Returns what the workers of one provider go through, for the signs of its keys. */
export function lived(seed: number, provider: number, events: readonly Event[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.do === 'restart engine') return ['engine restarted'];
    const choice = choiceAfter(seed, provider, event);
    return [`worker ${event.do}`, ...(choice === 'own' ? [] : [`worker key: ${choice}`])];
  });
}

/** The workers of a play: hosts of which one is the latest. */
export class Workers {
  readonly #stage: RandomStage;
  readonly #seed: number;
  readonly #served: readonly Served[];
  readonly #clocks: Random;
  readonly #running = new Set<WorkerHost>();
  #latest: WorkerHost | undefined;

  constructor(stage: RandomStage, seed: number, served: readonly Served[]) {
    this.#stage = stage;
    this.#seed = seed;
    this.#served = served;
    this.#clocks = randomOf(seed, 'clocks of workers');
  }

  /** Starts the first workers, all with their account's own key. */
  async begin(): Promise<void> {
    this.#latest = await this.#start(() => 'own');
  }

  /** Lets the events happen, at their times since `beganMs`. */
  async live(events: readonly Event[], beganMs: number): Promise<void> {
    for (const event of events) {
      await pause(Math.max(0, beganMs + event.atMs - Date.now()));
      await this.#happen(event);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((host) => host.kill()));
  }

  async #happen(event: Event): Promise<void> {
    const before = this.#latest;
    const start = (): Promise<WorkerHost> =>
      this.#start(({ number }) => choiceAfter(this.#seed, number, event));
    switch (event.do) {
      case 'restart engine':
        return this.#stage.restartEngine(event.awayMs);
      case 'kill':
        await before?.kill();
        await pause(event.awayMs);
        this.#latest = await start();
        return;
      case 'replace':
        this.#latest = await start();
        await before?.stop();
        return;
      case 'join': {
        const guest = await start();
        await pause(event.forMs);
        await guest.stop();
        return;
      }
    }
  }

  async #start(choiceOf: (served: Served) => KeyChoice): Promise<WorkerHost> {
    const { dist, address, receiver } = this.#stage;
    const workers = this.#served.map((served) => ({
      taskQueue: served.taskQueue,
      url: served.provider.url,
      apiKey: apiKeyOf(served.taskQueue, choiceOf(served)),
    }));
    const clockMs = chance(this.#clocks, 0.3) ? pick(this.#clocks, [-90_000, 90_000]) : 0;
    const host = await WorkerHost.start({ dist, address, receiver, workers }, clockMs);
    this.#running.add(host);
    return host;
  }
}

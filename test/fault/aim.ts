import type { FaultRuleInput } from 'json2video-local';
import { until } from '../support/until.js';
import type { Case } from './cell.js';
import type { FaultStage } from './fault-stage.js';
import type { FaultyWorker } from './faulty-worker.js';

/** One key of a cell. */
export interface CellKey extends Case {
  readonly key: string;
  /** Whether the provider refuses its movie for good. */
  readonly isRejected?: boolean;
  /** Whether a person cancels it. */
  readonly isCancelled?: boolean;
}

/** Barriers must come up within this time, on a busy machine. */
const REACH_MS = 90_000;

/** Each question is asked for each key, and several cells ask at once: the more keys, the less often. */
const askEveryMs = (keys: number): number => Math.max(400, 25 * keys);

/**
 * The other keys get this long to join the first: on a busy machine a call that is held is given up before all are there.
 * After a first crash keys go their own ways, and few are together.
 */
const JOIN_MS = { first: 10_000, again: 2_000 } as const;

/** The worker that is to be struck, its keys, and the barriers that were put up for it. */
export class Aim {
  readonly stage: FaultStage;
  readonly keys: readonly CellKey[];
  #worker: FaultyWorker;
  #isFirst = true;
  #rules: string[] = [];
  readonly #renders = new Map<string, string>();

  constructor(stage: FaultStage, worker: FaultyWorker, keys: readonly CellKey[]) {
    this.stage = stage;
    this.keys = keys;
    this.#worker = worker;
  }

  get worker(): FaultyWorker {
    return this.#worker;
  }

  /** Aims at the worker that has taken over. The keys go their own ways by now, so that some of them are enough. */
  retarget(worker: FaultyWorker): void {
    this.#worker = worker;
    this.#isFirst = false;
  }

  /** A rule that is in force until the barriers are lifted. */
  async fault(rule: FaultRuleInput): Promise<void> {
    this.#rules.push(await this.stage.fake.fault(rule));
  }

  /** Takes the barriers at the provider away; who is parked goes on. */
  async lift(): Promise<void> {
    const rules = this.#rules;
    this.#rules = [];
    for (const id of rules) await this.stage.fake.removeFault(id);
  }

  /** Lets the renders of all keys run without end. */
  async holdRenders(): Promise<void> {
    for (const { key } of this.keys) {
      if (this.#renders.has(key)) continue;
      const rule: FaultRuleInput = { match: { key }, effect: { kind: 'state', script: ['running'] } };
      this.#renders.set(key, await this.stage.fake.fault(rule));
    }
  }

  /** Lets renders end. */
  async releaseRenders(keys: readonly CellKey[] = this.keys): Promise<void> {
    for (const { key } of keys) {
      const id = this.#renders.get(key);
      this.#renders.delete(key);
      if (id !== undefined) await this.stage.fake.removeFault(id);
    }
  }

  /** Waits until the keys are there, not too long for the last of them, and answers those that are. */
  async gather(
    what: string,
    isThere: (key: string) => Promise<boolean> | boolean,
    keys: readonly CellKey[] = this.keys,
  ): Promise<readonly CellKey[]> {
    const there = new Set<CellKey>();
    const absent = (): readonly CellKey[] => keys.filter((key) => !there.has(key));
    const isEnough = this.#patience(keys.length);
    await until(
      () =>
        `${what}: ${keys.length} keys, without ${absent()
          .map(({ key }) => key)
          .join(', ')}`,
      async () => {
        const look = async (key: CellKey): Promise<void> => {
          if (await isThere(key.key)) there.add(key);
        };
        await Promise.all(absent().map(look));
        return isEnough(there.size);
      },
      REACH_MS,
      askEveryMs(keys.length),
    );
    return [...there];
  }

  /** Waits until connections stand at a barrier, which then holds them all; as many keys are answered. */
  async count(what: string, count: () => number): Promise<readonly CellKey[]> {
    const isEnough = this.#patience(this.keys.length);
    await until(`${what}, for ${this.keys.length} keys`, () => isEnough(count()), REACH_MS);
    return this.keys.slice(0, count());
  }

  /** Whether so many of `all` are enough: not at once, but when the others have had their time to join. */
  #patience(all: number): (there: number) => boolean {
    const joinMs = this.#isFirst ? JOIN_MS.first : JOIN_MS.again;
    let firstAtMs = Infinity;
    return (there) => {
      if (there > 0) firstAtMs = Math.min(firstAtMs, Date.now());
      return there >= all || (there > 0 && Date.now() > firstAtMs + joinMs);
    };
  }
}

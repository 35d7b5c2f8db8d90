import type { FaultRuleInput } from '../../src/fake/index.js';
import { until } from '../support/until.js';
import type { Case } from './cell.js';
import type { FaultStage } from './fault-stage.js';
import type { FaultyWorker } from './faulty-worker.js';

/** One key of a cell. */
export interface CellKey extends Case {
  readonly key: string;
}

/** Barriers must come up within this time, on a busy machine. */
const REACH_MS = 90_000;

/** The process that is to be struck, its keys, and the barriers that were put up for it. */
export class Aim {
  readonly stage: FaultStage;
  readonly worker: FaultyWorker;
  readonly keys: readonly CellKey[];
  #rules: string[] = [];
  readonly #renders = new Map<string, string>();

  constructor(stage: FaultStage, worker: FaultyWorker, keys: readonly CellKey[]) {
    this.stage = stage;
    this.worker = worker;
    this.keys = keys;
  }

  /** A rule that is in force until the barriers are lifted. */
  async fault(rule: FaultRuleInput): Promise<string> {
    const id = await this.stage.fake.fault(rule);
    this.#rules.push(id);
    return id;
  }

  /** Lets the renders of all keys run without end. */
  async holdRenders(): Promise<void> {
    for (const { key } of this.keys) {
      const id = await this.stage.fake.fault({
        match: { key },
        effect: { kind: 'state', script: ['running'] },
      });
      this.#renders.set(key, id);
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

  /** Takes the barriers at the provider away; who is parked goes on. */
  async lift(): Promise<void> {
    const rules = this.#rules;
    this.#rules = [];
    for (const id of rules) await this.stage.fake.removeFault(id);
  }

  /** Waits until every key is there; answers the keys. */
  async untilAll(
    what: string,
    isThere: (key: string) => Promise<boolean> | boolean,
    keys: readonly CellKey[] = this.keys,
  ): Promise<readonly string[]> {
    const there = new Set<string>();
    return until(
      `${what}, for all of ${keys.length} keys`,
      async () => {
        const missing = keys.filter(({ key }) => !there.has(key));
        await Promise.all(
          missing.map(async ({ key }) => {
            if (await isThere(key)) there.add(key);
          }),
        );
        return there.size === keys.length && [...there];
      },
      REACH_MS,
    );
  }

  /** Waits until as many connections as there are keys stand at a barrier, which then hold them all. */
  async untilCount(what: string, count: () => number): Promise<readonly string[]> {
    await until(`${what}, for all of ${this.keys.length} keys`, () => count() >= this.keys.length, REACH_MS);
    return this.keys.map(({ key }) => key);
  }
}

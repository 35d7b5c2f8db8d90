import { setTimeout as pause } from 'node:timers/promises';
import type { FakeMovie } from 'json2video-local';
import pMap from 'p-map';
import type { CellKey } from '../fault/aim.js';
import { type Answer, Callers } from '../fault/callers.js';
import type { Observed, Violation } from '../fault/check.js';
import { HttpCaller } from '../fault/http-caller.js';
import type { AcceptedMovie } from '../fault/ledger.js';
import type { Asked, Called } from '../fault/starter.js';
import type { Running } from '../support/processes.js';
import type { Stage } from '../support/stage.js';

interface CrowdTerms {
  readonly stage: Stage;
  readonly servers: readonly Running[];
  readonly renders: number;
  /** Keys that are begun in a second. */
  readonly perSecond: number;
}

/** What the callers were told, and what the provider has accepted. */
interface CrowdEnd {
  readonly observed: readonly Observed[];
  readonly unexpected: readonly Violation[];
}

/** Every so many keys have a caller at each server. */
const TWICE_EVERY = 5;
/** Every so many keys are asked for by the library. */
const LIBRARY_EVERY = 7;
/** More keys at once would only wait. */
const OPEN_KEYS = 150;
const LOOK_AGAIN_MS = 50;
/** Of a key, from its first call: an attempt of 20 s, 30 s to settle, and an engine without its database meanwhile. */
const PATIENCE_MS = 400_000;

/** Callers that ask for one key after the other, each until it has an answer. */
export class Crowd {
  readonly keys: readonly CellKey[];
  readonly #stage: Stage;
  readonly #servers: readonly Callers[];
  readonly #library: Callers;
  readonly #unanswered: Violation[] = [];
  readonly #answers: Promise<readonly Answer[]>;
  #begun = 0;
  #allowed = 0;

  constructor({ stage, servers, renders, perSecond }: CrowdTerms) {
    this.#stage = stage;
    this.#servers = servers.map(({ said }) => new Callers(new HttpCaller(() => String(said['url']))));
    this.#library = new Callers(new LibraryCaller(stage));
    this.keys = Array.from({ length: renders }, (_, index) => ({
      key: `${stage.taskQueue}-${index}`,
      wait: 'webhook',
      outcome: 'done',
      resubmissions: 1,
    }));
    this.#answers = this.#askAll(1_000 / perSecond);
  }

  /** The share of the keys that somebody has asked for; 1 when the last one has been begun. */
  get share(): number {
    return this.#begun / this.keys.length;
  }

  /** Lets so great a share of the keys begin: on a busy machine what is done to them takes long. */
  allow(share: number): void {
    this.#allowed = Math.round(share * this.keys.length);
  }

  /** Waits for all answers, and reads the provider's ledger. */
  async end(): Promise<CrowdEnd> {
    const answers = grouped(await this.#answers);
    const movies = grouped(await this.#stage.fake.movies());
    const observed = this.keys.map((key) => ({
      key,
      accepted: (movies.get(key.key) ?? []).map(acceptedOf),
      answers: answers.get(key.key) ?? [],
      wasUnknown: false,
    }));
    for (const { key } of this.keys) movies.delete(key);
    const strangers = [...movies.values()].flat();
    const paidForNone = strangers.map(({ project }): Violation => ({
      rule: 'safety',
      what: `paid for no key: ${project}`,
    }));
    return { observed, unexpected: [...this.#unanswered, ...paidForNone] };
  }

  async #askAll(everyMs: number): Promise<readonly Answer[]> {
    const answers = await pMap(
      this.#paced(everyMs),
      ([index, key]) => Promise.all(this.#callersOf(index).map((callers) => this.#ask(callers, key))),
      { concurrency: OPEN_KEYS },
    );
    for (const callers of [...this.#servers, this.#library]) callers.stop();
    return answers.flat().filter((answer) => answer !== undefined);
  }

  async *#paced(everyMs: number): AsyncGenerator<[index: number, key: CellKey]> {
    for (const [index, key] of this.keys.entries()) {
      await pause(everyMs);
      while (index >= this.#allowed) await pause(LOOK_AGAIN_MS);
      this.#begun += 1;
      yield [index, key];
    }
  }

  async #ask(callers: Callers, key: CellKey): Promise<Answer | undefined> {
    const late = new AbortController();
    const patience = pause(PATIENCE_MS, undefined, { signal: late.signal }).catch(() => undefined);
    const answer = await Promise.race([callers.ask(key), patience]);
    late.abort();
    if (answer === undefined) {
      this.#unanswered.push({ rule: 'liveness', key: key.key, what: 'a caller had no answer in time' });
    }
    return answer;
  }

  #callersOf(index: number): readonly Callers[] {
    if (index % LIBRARY_EVERY === 0) return [this.#library];
    if (index % TWICE_EVERY === 0) return this.#servers;
    return this.#servers.filter((_, server) => server === index % this.#servers.length);
  }
}

/** A caller with the library, in this process. */
class LibraryCaller implements Asked {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  async call(call: 'render' | 'submitOnce', key: string, movie: unknown, options: object): Promise<Called> {
    try {
      return { value: { ...(await this.#stage.renders[call](key, movie as object, options)) } };
    } catch (error) {
      const { code = 'bug', message, ...about } = error as Error & { code?: string };
      return { error: { ...about, code, message } };
    }
  }
}

function grouped<T extends { readonly key?: string | undefined }>(all: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(each.key ?? '', [...(groups.get(each.key ?? '') ?? []), each]);
  return groups;
}

function acceptedOf({ project, status }: FakeMovie): AcceptedMovie {
  return status === 'done' || status === 'error' ? { project, ended: status } : { project };
}

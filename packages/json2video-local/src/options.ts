import type { FakeKey } from './account/keys.js';
import type { FakePlan } from './account/plan.js';
import type { FakeTemplate } from './account/templates.js';
import type { FaultRuleInput } from './faults/fault-rule.js';
import type { ScenarioName } from './scenarios.js';
import type { SwitchSettings } from './switches.js';
import type { FakeConnection } from './webhooks/destinations.js';

/** Options of a local JSON2Video. */
export interface FakeOptions {
  /** TCP port on 127.0.0.1; 0 (the default) takes any free one. */
  readonly port?: number;
  /** The key that `x-api-key` must hold; its role is `manager`. Default `local-key`. */
  readonly apiKey?: string;
  /** Further keys, by their text, with their roles. */
  readonly keys?: Readonly<Record<string, FakeKey>>;
  /** Speed of the server's clock: 20 is twenty times faster than real time. Default 1. */
  readonly timeScale?: number;
  /** The clock stands still and only {@link FakeJson2Video.advance} moves it. */
  readonly fixedClock?: boolean;
  /**
   * The server's clock at the start: ISO 8601, or milliseconds since the epoch. Default: now. With the data folder of
   * an earlier run it starts no earlier than that run's clock stood.
   */
  readonly startAt?: string | number | Date;
  /**
   * Makes IDs and odds repeatable. Two servers with one seed give out the same project IDs. A data folder keeps the seed
   * of its first start.
   */
  readonly seed?: number;
  /** Balance at the start, credits. Default 100,000. A data folder keeps the balance of its first start. */
  readonly credits?: number;
  /** Limits of the account's plan. */
  readonly plan?: FakePlan;
  /** Reuse earlier renders. Default true; a test that submits one small movie under many keys wants false. */
  readonly cache?: boolean;
  /**
   * A folder for the ledger, `ledger.jsonl`, made if there is none: movies, videos, credits, callbacks that are due,
   * templates and switches survive a restart, also after a kill. Everything that a reply acknowledges is on disk before
   * the reply. One server at a time uses a folder. Default: everything is in memory only.
   */
  readonly dataFolder?: string;
  /** A file of JSON lines: every request, written when its connection has ended. */
  readonly journalFile?: string;
  /** From acceptance to the end of every movie, seconds of the server's clock. Default: derived from the movie. */
  readonly renderSeconds?: number;
  /** Lengths of videos and sounds by URL, seconds: the server downloads nothing. Default for each: 5. */
  readonly assetSeconds?: Readonly<Record<string, number>>;
  /** 0 to 1: the share by which render times vary at random. Default 0. */
  readonly renderJitter?: number;
  /** Positions of the switches. */
  readonly switches?: SwitchSettings;
  /** Scenarios in force from the start. `faults` and `switches` come on top. */
  readonly scenarios?: readonly ScenarioName[];
  /** Fault rules in force from the first request on. */
  readonly faults?: readonly FaultRuleInput[];
  /** Templates by ID (20 letters and digits). */
  readonly templates?: Readonly<Record<string, FakeTemplate>>;
  /** Saved destinations, by the ID that movies name. */
  readonly connections?: Readonly<Record<string, FakeConnection>>;
  /** Time that a callback's receiver has to answer, real seconds. Default 5. */
  readonly webhookTimeoutSeconds?: number;
  /** Time that all destinations of one movie have together, real seconds. Default 300. */
  readonly exportSeconds?: number;
  /** Movies kept in memory. Beyond it the server forgets the oldest that have ended. Default 200,000. */
  readonly maxMovies?: number;
}

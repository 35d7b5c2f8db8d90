import type { FakeKey } from './account/keys.js';
import type { FakePlan } from './account/plan.js';
import type { FakeTemplate } from './account/templates.js';
import type { FaultRuleInput } from './faults/fault-rule.js';
import type { QuirkSettings } from './quirks.js';
import type { ScenarioName } from './scenarios.js';
import type { FakeConnection } from './webhooks/destinations.js';

/** What `startFakeJson2Video` takes; all of it is optional. */
export interface FakeOptions {
  /** TCP port on 127.0.0.1; 0 (the default) takes any free one. */
  readonly port?: number;
  /** The key that is accepted in `x-api-key`, with the role `manager`. Default `local-key`. */
  readonly apiKey?: string;
  /** Further keys, by their text, with their roles. */
  readonly keys?: Readonly<Record<string, FakeKey>>;
  /** How many times faster than real time the fake's clock runs. Default 1. */
  readonly timeScale?: number;
  /** The clock stands still but for {@link FakeJson2Video.advance}. */
  readonly fixedClock?: boolean;
  /**
   * The fake's clock at the start: ISO 8601, or milliseconds since the epoch. Default: now. With a ledger file of
   * an earlier run it starts no earlier than that run's last entry.
   */
  readonly startAt?: string | number | Date;
  /** Makes IDs and odds repeatable. Two fakes with one seed hand out the same project IDs. */
  readonly seed?: number;
  /** Balance at the start, credits. Default 100,000. */
  readonly credits?: number;
  /** What the account's plan allows. */
  readonly plan?: FakePlan;
  /** Reuse what was rendered before. Default true; the same small movie under many keys wants false. */
  readonly cache?: boolean;
  /**
   * JSON lines of every accepted movie and what became of it; an accepted movie is on disk before its reply. A
   * file that exists is read back, so that movies survive a restart.
   */
  readonly ledgerFile?: string;
  /** JSON lines of every request, written when its connection is done with it. */
  readonly journalFile?: string;
  /** From acceptance to the end, in seconds of the fake's clock, for every movie; else derived from the movie. */
  readonly renderSeconds?: number;
  /** 0 to 1: how far render times stray from that by chance. Default 0. */
  readonly renderJitter?: number;
  /** Positions of the switches for what the sources contradict each other about. */
  readonly quirks?: QuirkSettings;
  /** Bundles of rules and quirks. `faults` and `quirks` come on top. */
  readonly scenarios?: readonly ScenarioName[];
  /** Rules that are in force from the first request on. */
  readonly faults?: readonly FaultRuleInput[];
  /** Templates by ID (20 letters and digits). */
  readonly templates?: Readonly<Record<string, FakeTemplate>>;
  /** Saved destinations, by the ID under which movies name them. */
  readonly connections?: Readonly<Record<string, FakeConnection>>;
  /** How long a callback's receiver has to answer, real seconds. Default 5. */
  readonly webhookTimeoutSeconds?: number;
  /** How long all destinations of one movie have together, real seconds. Default 300. */
  readonly exportSeconds?: number;
  /** Movies kept in memory: of more, the oldest that have ended are forgotten. Default 200,000. */
  readonly maxMovies?: number;
}

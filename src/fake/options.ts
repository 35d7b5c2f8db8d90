import type { FaultRuleInput } from './fault-rule.js';
import type { JsonObject } from './json.js';

/** A template as the account would hold it, under its 20-character ID. */
export interface FakeTemplate {
  readonly movie: JsonObject;
  readonly name?: string;
  readonly tags?: readonly string[];
}

export interface FakeOptions {
  /** TCP port on 127.0.0.1; 0 (the default) takes any free one. */
  readonly port?: number;
  /** The one key that is accepted in `x-api-key`. Default `local-key`. */
  readonly apiKey?: string;
  /** How many times faster than real time the fake's clock runs. Default 1. */
  readonly timeScale?: number;
  /** The fake's clock at the start: ISO 8601, or milliseconds since the epoch. Default: now. */
  readonly startAt?: string | number | Date;
  /** Makes IDs and odds repeatable. Two fakes with one seed hand out the same project IDs. */
  readonly seed?: number;
  /** Balance at the start, credits. Default 100,000. */
  readonly credits?: number;
  /** JSON lines of every accepted movie and what became of it; an accepted movie is on disk before its reply. */
  readonly ledgerFile?: string;
  /** JSON lines of every request, written when its connection is done with it. */
  readonly journalFile?: string;
  /** From acceptance to the end, in seconds of the fake's clock, for every movie; else derived from the movie. */
  readonly renderSeconds?: number;
  /** Rules that are in force from the first request on. */
  readonly faults?: readonly FaultRuleInput[];
  /** Templates by ID (20 letters and digits). */
  readonly templates?: Readonly<Record<string, FakeTemplate>>;
}

import { appendFileSync } from 'node:fs';

import { MAX_JOURNAL_ENTRIES } from './limits.js';

/** The provider calls the fake tells apart. */
export const CALLS = ['create', 'status', 'list', 'delete', 'templates', 'file'] as const;
export type Call = (typeof CALLS)[number];

/** One request as it came in, and what was done with it. */
export interface FakeRequest {
  readonly seq: number;
  /** When it arrived, ISO 8601, the fake's clock. */
  readonly at: string;
  readonly call: Call;
  readonly method: string;
  readonly path: string;
  /** `client-data.renderonce.key` of the movie concerned. */
  readonly key?: string;
  readonly project?: string;
  /** The HTTP status that was sent; null: none, or none yet. */
  readonly status: number | null;
  /** On `create` only: a movie came into being, whether or not the caller was told. */
  readonly accepted?: boolean;
  /** The fault rule that took effect. */
  readonly fault?: string;
  /** From arrival to the end of the exchange, real milliseconds, at least 1; 0 until then. */
  readonly ms: number;
}

/** What is learnt about a request while it is being served. */
export type RequestFacts = Partial<
  Pick<FakeRequest, 'key' | 'project' | 'accepted' | 'fault' | 'status' | 'ms'>
>;

/** A request stays open from its arrival until its connection is done with it. */
export interface OpenRequest {
  note(facts: RequestFacts): void;
  end(status: number | null): void;
}

/** The request log. An entry is visible from arrival on, so that a parked request can be seen. */
export class Journal {
  readonly #file: string | undefined;
  readonly #entries: FakeRequest[] = [];
  #lastSeq = 0;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  begin(arrival: Pick<FakeRequest, 'at' | 'call' | 'method' | 'path'> & RequestFacts): OpenRequest {
    const startedMs = performance.now();
    this.#lastSeq += 1;
    let entry: FakeRequest = { seq: this.#lastSeq, status: null, ms: 0, ...arrival };
    this.#entries.push(entry);
    if (this.#entries.length > MAX_JOURNAL_ENTRIES) this.#entries.shift();
    const note = (facts: RequestFacts): void => {
      const place = this.#placeOf(entry.seq);
      entry = { ...entry, ...facts };
      if (place !== undefined) this.#entries[place] = entry;
    };
    const end = (status: number | null): void => {
      note({ status, ms: Math.max(1, Math.round(performance.now() - startedMs)) });
      if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
    };
    return { note, end };
  }

  /** Entries after `since`, oldest first. */
  entries(filter: { since?: number | undefined; call?: Call | undefined } = {}): FakeRequest[] {
    const { since = 0, call } = filter;
    return this.#entries.filter((entry) => entry.seq > since && (call === undefined || entry.call === call));
  }

  /** Entries are consecutive; undefined for one that has been dropped from memory. */
  #placeOf(seq: number): number | undefined {
    const place = seq - (this.#entries[0]?.seq ?? seq);
    return place >= 0 ? place : undefined;
  }
}

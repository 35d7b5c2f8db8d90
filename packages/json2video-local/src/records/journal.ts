import { appendFileSync } from 'node:fs';

/** Requests remembered in memory; the journal file keeps the older ones. */
const MAX_JOURNAL_ENTRIES = 100_000;

/** The provider calls that the server distinguishes. */
export const CALLS = ['create', 'status', 'list', 'delete', 'templates', 'file'] as const;
/** Name of a provider call in fault rules and in the request log. */
export type Call = (typeof CALLS)[number];

/** One request, and its result. */
export interface FakeRequest {
  readonly seq: number;
  /** Time of arrival, ISO 8601, the server's clock. */
  readonly at: string;
  readonly call: Call;
  readonly method: string;
  readonly path: string;
  /** `client-data.renderonce.key` of the movie concerned. */
  readonly key?: string;
  readonly project?: string;
  /** The HTTP status that was sent; null if none was. */
  readonly status: number | null;
  /** On `create` only: true if a movie came into being, also if its reply was lost. */
  readonly accepted?: boolean;
  /** The fault rule that took effect. */
  readonly fault?: string;
  /** From arrival to the end of the exchange, real milliseconds, at least 1; 0 until then. */
  readonly ms: number;
}

type RequestFacts = Partial<Pick<FakeRequest, 'key' | 'project' | 'accepted' | 'fault' | 'status' | 'ms'>>;

/** Selects requests of the log; a field left out matches everything. */
export interface RequestFilter {
  /** Requests after this number. */
  readonly since?: number | undefined;
  readonly call?: Call | undefined;
  readonly key?: string | undefined;
  readonly project?: string | undefined;
}

/** A request from its arrival until its exchange has ended. */
export interface OpenRequest {
  note(facts: RequestFacts): void;
  end(status: number | null): void;
}

/** The request log. An entry is visible from arrival on, so that a parked request can be seen. */
export class Journal {
  readonly #file: string | undefined;
  /** A ring: number n is at n modulo its size, until a later one takes the place. */
  readonly #ring: FakeRequest[] = [];
  #lastSeq = 0;

  /** Called with each entry as it arrives and as it changes. */
  onChange: (entry: FakeRequest) => void = () => undefined;

  constructor(file: string | undefined) {
    this.#file = file;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  begin(arrival: Pick<FakeRequest, 'at' | 'call' | 'method' | 'path'> & RequestFacts): OpenRequest {
    const startedMs = performance.now();
    this.#lastSeq += 1;
    let entry: FakeRequest = { seq: this.#lastSeq, status: null, ms: 0, ...arrival };
    this.#ring[entry.seq % MAX_JOURNAL_ENTRIES] = entry;
    this.onChange(entry);
    const note = (facts: RequestFacts): void => {
      entry = { ...entry, ...facts };
      this.#replace(entry);
    };
    const end = (status: number | null): void => {
      note({ status, ms: Math.max(1, Math.round(performance.now() - startedMs)) });
      if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
    };
    return { note, end };
  }

  /** Returns entries, oldest first. */
  entries(filter: RequestFilter = {}): FakeRequest[] {
    const oldest = Math.max(filter.since ?? 0, this.#lastSeq - MAX_JOURNAL_ENTRIES) + 1;
    const found: FakeRequest[] = [];
    for (let seq = oldest; seq <= this.#lastSeq; seq += 1) {
      const entry = this.#ring[seq % MAX_JOURNAL_ENTRIES];
      if (entry !== undefined && isWanted(entry, filter)) found.push(entry);
    }
    return found;
  }

  /** Replaces an entry, unless a later request has taken its place. */
  #replace(entry: FakeRequest): void {
    const place = entry.seq % MAX_JOURNAL_ENTRIES;
    if (this.#ring[place]?.seq !== entry.seq) return;
    this.#ring[place] = entry;
    this.onChange(entry);
  }
}

function isWanted(entry: FakeRequest, { call, key, project }: RequestFilter): boolean {
  return (
    (call === undefined || entry.call === call) &&
    (key === undefined || entry.key === key) &&
    (project === undefined || entry.project === project)
  );
}

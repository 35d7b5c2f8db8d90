import { isDraft } from '../account/plan.js';
import type { LedgerEntry, LedgerEntryOf } from './ledger-entry.js';
import { restatedFact } from './ledger-entry.js';
import { readLedger, rewriteLedger } from './ledger-file.js';

/** The share of lines that must be out of date before the file is written anew. */
const STALE_SHARE = 0.1;

/** Finds the lines that a ledger no longer needs. Give it each entry, in order. */
export class StaleLines {
  readonly #lastOfFact = new Map<string, number>();
  #lines = 0;
  #restated = 0;

  see(entry: LedgerEntry): void {
    const fact = restatedFact(entry);
    if (fact !== undefined) {
      if (this.#lastOfFact.has(fact)) this.#restated += 1;
      this.#lastOfFact.set(fact, this.#lines);
    }
    this.#lines += 1;
  }

  /** Writes the file anew, without stale lines, if they are many. `isKnown`: true if the server remembers the movie. */
  compact(path: string, isKnown: (project: string) => boolean, forgottenMovies: number): void {
    if (this.#restated + forgottenMovies <= this.#lines * STALE_SHARE) return;
    rewriteLedger(path, this.#needed(path, isKnown));
  }

  *#needed(path: string, isKnown: (project: string) => boolean): Generator<LedgerEntry> {
    const dropped = new Forgotten();
    let number = -1;
    for (const entry of readLedger(path)) {
      number += 1;
      const fact = restatedFact(entry);
      const isStale = fact !== undefined && this.#lastOfFact.get(fact) !== number;
      const isForgotten = 'project' in entry && !isKnown(entry.project);
      if (isForgotten || entry.event === 'forgotten') dropped.add(entry);
      else if (!isStale) yield entry;
    }
    yield* dropped.lines();
  }
}

/** Sums up the movies that are dropped. */
class Forgotten {
  readonly #rendered = new Set<string>();
  #sum: LedgerEntryOf<'forgotten'> = {
    event: 'forgotten',
    lastSeq: 0,
    movies: 0,
    drafts: 0,
    credits: 0,
    assets: 0,
  };

  add(entry: LedgerEntry): void {
    const sum = { ...this.#sum };
    if (entry.event === 'forgotten') {
      for (const name of ['movies', 'drafts', 'credits', 'assets'] as const) sum[name] += entry[name];
      sum.lastSeq = Math.max(sum.lastSeq, entry.lastSeq);
    } else if (entry.event === 'accepted') {
      sum[isDraft(entry.restore.submitted) ? 'drafts' : 'movies'] += 1;
      sum.lastSeq = Math.max(sum.lastSeq, entry.restore.seq);
    } else if (entry.event === 'rendered' || entry.event === 'ended') {
      // Both lines of one render name its charges.
      if (this.#rendered.has(entry.project)) return;
      this.#rendered.add(entry.project);
      sum.credits += entry.credits;
      for (const { credits } of entry.assets) sum.assets += credits;
    }
    this.#sum = sum;
  }

  lines(): LedgerEntry[] {
    return this.#sum.lastSeq === 0 ? [] : [this.#sum];
  }
}

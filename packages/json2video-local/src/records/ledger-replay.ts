import type { Credits } from '../account/credits.js';
import type { Plan } from '../account/plan.js';
import { isDraft } from '../account/plan.js';
import type { Templates } from '../account/templates.js';
import type { Site } from '../http/urls.js';
import type { Acceptance } from '../movies/acceptance.js';
import type { Movie, MovieEnd } from '../movies/movie.js';
import type { MovieStore } from '../movies/movie-store.js';
import type { RenderCache } from '../movies/render-cache.js';
import type { SeededRandom } from '../random.js';
import type { LedgerEntry, LedgerEntryOf } from './ledger-entry.js';
import { timeOf } from './ledger-entry.js';

interface ReplayParts {
  readonly store: MovieStore;
  readonly acceptance: Acceptance;
  readonly credits: Credits;
  readonly cache: RenderCache;
  readonly plan: Plan;
  readonly templates: Templates;
  readonly site: Site;
  readonly random: SeededRandom;
}

/** Brings back an earlier run from its ledger, entry by entry. */
export class Replay {
  /** False until the first entry. */
  hasPast = false;
  acceptedMovies = 0;
  /** The positions of the switches, and the options that they come from. */
  switches: LedgerEntryOf<'switches'> | undefined;
  /** Templates of the options as they were last given, as JSON, by ID. */
  readonly templateOptions = new Map<string, string>();
  readonly #parts: ReplayParts;
  #clockMs = 0;
  #latestMs = 0;

  constructor(parts: ReplayParts) {
    this.#parts = parts;
  }

  /** Returns the time that the clock of the earlier run did not pass. */
  get clockMs(): number {
    return Math.max(this.#clockMs, this.#latestMs);
  }

  take(entry: LedgerEntry): void {
    const { credits, site, random } = this.#parts;
    this.hasPast = true;
    if ('random' in entry && entry.random !== undefined) random.state = entry.random;
    if (entry.event === 'clock') this.#clockMs = timeOf(entry);
    else this.#latestMs = Math.max(this.#latestMs, timeOf(entry));
    switch (entry.event) {
      case 'opened':
        site.clientId = entry.clientId;
        return credits.beganWith(entry.credits);
      case 'granted':
        return credits.grant(entry.credits);
      case 'template':
        return this.#template(entry);
      case 'forgotten':
        return this.#forgotten(entry);
      case 'switches':
        this.switches = entry;
        return;
      case 'clock':
        return;
      case 'accepted':
        return this.#accepted(entry);
      default:
        return this.#movie(entry);
    }
  }

  #accepted(entry: LedgerEntryOf<'accepted'>): void {
    const { store, acceptance, plan } = this.#parts;
    this.acceptedMovies += 1;
    plan.count(isDraft(entry.restore.submitted));
    store.add(acceptance.restored(entry));
  }

  #movie(
    entry: Exclude<
      LedgerEntry,
      LedgerEntryOf<'opened' | 'granted' | 'template' | 'forgotten' | 'switches' | 'clock' | 'accepted'>
    >,
  ): void {
    const movie = this.#parts.store.get(entry.project);
    if (movie === undefined) return;
    switch (entry.event) {
      case 'polled':
        movie.polls = entry.polls;
        return;
      case 'rendered':
        movie.rendered = this.#charged(movie, entry);
        return;
      case 'ended':
        movie.end = movie.rendered === undefined ? this.#charged(movie, entry) : endOf(entry);
        movie.rendered = undefined;
        return;
      case 'webhook':
        return called(movie, entry);
      case 'exported':
        movie.isExported = true;
        return;
      case 'deleted':
        movie.deletedAtMs = Date.parse(entry.deletedAt);
        movie.file.removedAtMs ??= movie.deletedAtMs;
    }
  }

  #charged(movie: Movie, entry: LedgerEntryOf<'rendered' | 'ended'>): MovieEnd {
    const { credits, cache } = this.#parts;
    const end = endOf(entry);
    for (const { fingerprint, credits: price } of entry.assets) {
      credits.book(price, 'asset');
      cache.keepAsset(fingerprint, end.atMs);
      movie.assetCredits += price;
    }
    credits.book(entry.credits, 'render');
    if (entry.status === 'done') cache.keepRender(movie, end.atMs);
    return end;
  }

  #template({ id, template, option }: LedgerEntryOf<'template'>): void {
    this.#parts.templates.restore(id, template);
    if (option !== undefined) this.templateOptions.set(id, option);
  }

  #forgotten(entry: LedgerEntryOf<'forgotten'>): void {
    const { credits, plan, store } = this.#parts;
    credits.book(entry.credits, 'render');
    credits.book(entry.assets, 'asset');
    plan.count(false, entry.movies);
    plan.count(true, entry.drafts);
    store.numberFrom(entry.lastSeq);
  }
}

function endOf({ status, endedAt, credits, message }: LedgerEntryOf<'rendered' | 'ended'>): MovieEnd {
  return { atMs: Date.parse(endedAt), status, message, credits };
}

function called(movie: Movie, entry: LedgerEntryOf<'webhook'>): void {
  const { url, at, status, ms, stage, isLast } = entry;
  movie.webhooks.push({ url, at, status, ms });
  if (stage === 'early') movie.isCalledBackEarly = true;
  if (stage === 'end' && isLast) movie.delivered += 1;
}

import type { Credits } from '../account/credits.js';
import type { Plan } from '../account/plan.js';
import { isDraft } from '../account/plan.js';
import type { Acceptance } from '../movies/acceptance.js';
import type { Movie } from '../movies/movie.js';
import type { MovieStore } from '../movies/movie-store.js';
import { FILE_RETENTION_MS } from '../movies/render-cache.js';
import type { RenderCache } from '../movies/render-cache.js';
import type { LedgerEntry, LedgerEntryOf } from './ledger.js';

interface ReplayParts {
  readonly store: MovieStore;
  readonly acceptance: Acceptance;
  readonly credits: Credits;
  readonly cache: RenderCache;
  readonly plan: Plan;
}

/**
 * Brings back movies, their ends, callbacks, deletions, credits and the cache from the ledger file. Counts of polls and
 * callbacks that were due but not sent are not in it.
 */
export function replayLedger(entries: readonly LedgerEntry[], parts: ReplayParts): void {
  for (const entry of entries) replayed(entry, parts);
}

function replayed(entry: LedgerEntry, parts: ReplayParts): void {
  const { store, acceptance, credits, plan } = parts;
  if (entry.event === 'accepted') {
    plan.count(isDraft(entry.restore.submitted));
    return store.add(acceptance.restored(entry));
  }
  if (entry.event === 'granted') return credits.grant(entry.credits);
  if (entry.event === 'advanced') return;
  if (entry.event === 'asset') return assetReplayed(entry, parts);
  const movie = store.get(entry.project);
  if (movie === undefined) return;
  switch (entry.event) {
    case 'ended':
      return endReplayed(movie, entry, parts);
    case 'deleted':
      movie.deletedAtMs = Date.parse(entry.deletedAt);
      movie.file.removedAtMs ??= movie.deletedAtMs;
      return;
    case 'webhook': {
      const { url, at, status, ms } = entry;
      movie.webhooks.push({ url, at, status, ms });
      movie.isCalledBackEarly ||= movie.end === undefined;
    }
  }
}

function assetReplayed(entry: LedgerEntryOf<'asset'>, { store, credits, cache }: ReplayParts): void {
  credits.book(entry.credits, 'asset');
  cache.keepAsset(entry.fingerprint, Date.parse(entry.at));
  const movie = store.get(entry.project);
  if (movie !== undefined) movie.assetCredits += entry.credits;
}

function endReplayed(movie: Movie, entry: LedgerEntryOf<'ended'>, { credits, cache }: ReplayParts): void {
  const atMs = Date.parse(entry.endedAt);
  credits.book(entry.credits, 'render');
  movie.end = { atMs, status: entry.status, message: entry.message, credits: entry.credits };
  if (entry.status !== 'done') return;
  movie.file.madeAtMs ??= atMs;
  movie.file.expiresAtMs ??= atMs + FILE_RETENTION_MS;
  if (movie.fingerprint !== undefined) cache.keepVideo(movie.fingerprint, movie.file);
  for (const scene of movie.plan.scenes) cache.keepScene(scene, atMs);
}

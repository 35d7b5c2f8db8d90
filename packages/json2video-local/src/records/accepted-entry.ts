import type { Submission } from '../movies/acceptance.js';
import type { Movie } from '../movies/movie.js';
import { nameOf } from '../movies/movie.js';
import type { LedgerEntryOf } from './ledger-entry.js';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Makes the line that brings an accepted movie back. */
export function acceptedEntry(
  movie: Movie,
  { submitted, rendered }: Submission,
  random: number,
): LedgerEntryOf<'accepted'> {
  const { plan, file } = movie;
  const restore = {
    seq: movie.seq,
    startsAt: iso(movie.startsAtMs),
    endsAt: iso(movie.endsAtMs),
    label: movie.label,
    stem: file.stem,
    ...(file.madeAtMs === undefined ? {} : { madeAt: iso(file.madeAtMs) }),
    ...(file.expiresAtMs === undefined ? {} : { expiresAt: iso(file.expiresAtMs) }),
    isCached: movie.isCached,
    fingerprint: movie.fingerprint,
    plan: { ...plan, assets: [...plan.assets], scenes: [...plan.scenes] },
    destinations: movie.destinations.map((each) =>
      'endpoint' in each ? { ...each, headers: { ...each.headers } } : each,
    ),
    submitted,
    ...(rendered === submitted ? {} : { rendered }),
  };
  const createdAt = iso(movie.createdAtMs);
  return { event: 'accepted', ...nameOf(movie), createdAt, status: 'pending', restore, random };
}

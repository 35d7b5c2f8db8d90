import type { FakeMovie, Movie } from '../movies/movie.js';
import { ledgerView } from '../movies/movie.js';
import { isFileServed } from '../movies/timeline.js';
import type { World } from '../world.js';

/** A movie as a person wants to see it: the ledger's view, and what the API makes of it. */
export interface WatchedMovie extends FakeMovie {
  readonly seq: number;
  readonly createdAt: string;
  /** What a status call would say; differs from `status` under fault rules, and after 15 minutes. */
  readonly shown: string;
  readonly message: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  /** The video; null while there is none, or none any more. */
  readonly url: string | null;
  readonly deleted: boolean;
}

export function watchedMovie({ clock, renders, site }: World, movie: Movie): WatchedMovie {
  const nowMs = clock.now();
  const shown = renders.shown(movie);
  const { durationSeconds, width, height } = movie.file;
  const isThere = movie.end?.status === 'done' && isFileServed(movie.file, nowMs);
  return {
    ...ledgerView(movie, nowMs),
    seq: movie.seq,
    shown: shown.status,
    message: movie.end?.message ?? shown.message,
    startsAt: new Date(movie.startsAtMs).toISOString(),
    endsAt: new Date(movie.end?.atMs ?? movie.endsAtMs).toISOString(),
    durationSeconds,
    width,
    height,
    url: isThere ? site.fileUrl(movie.file, 'mp4') : null,
    deleted: movie.deletedAtMs !== undefined,
  };
}

import { creditsOf, markOf, type MovieReply } from '../json2video/movie-reply.js';
import type { Mark } from '../movie/movie.js';

/** What an audit keeps of a movie in the provider's list: little, since there may be a hundred thousand. */
export interface AuditedMovie {
  readonly project: string;
  /** ISO 8601 UTC; null where the provider does not tell. */
  readonly createdAt: string | null;
  /** The provider's word: `pending`, `running`, `done`, `error`, `timeout`. */
  readonly status: string | null;
  /** Estimated from the duration; null while there is none. */
  readonly credits: number | null;
}

export interface ListedMovie extends AuditedMovie {
  /** Absent where the movie does not carry our mark. */
  readonly mark?: Pick<Mark, 'key' | 'namespace'>;
}

/** The record of a listed movie; nothing where it names no project, so that it cannot be told from others. */
export function recordOf(movie: MovieReply): ListedMovie | undefined {
  if (movie.project === null) return undefined;
  const mark = markOf(movie);
  return {
    project: movie.project,
    createdAt: movie.created_at,
    status: movie.status,
    credits: creditsOf(movie) ?? null,
    ...(mark === undefined ? {} : { mark: { key: mark.key, namespace: mark.namespace } }),
  };
}

/** What several movies cost together. */
export interface Price {
  /** An estimate, see `creditsOf`. */
  readonly credits: number;
  /** Movies without an estimate, because they have not ended; not in `credits`. */
  readonly unpriced: number;
}

export function priceOf(movies: readonly AuditedMovie[]): Price {
  return {
    credits: movies.reduce((sum, { credits }) => sum + (credits ?? 0), 0),
    unpriced: movies.filter(({ credits }) => credits === null).length,
  };
}

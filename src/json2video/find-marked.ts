import { isJsonObject, parseJson } from '../text/json.js';
import { type Mark, markIn } from '../movie/movie.js';
import { hasWebhook } from '../movie/webhook-destination.js';
import type { MovieReply } from './movie-reply.js';

/** A movie of the provider's that carries our mark. */
export interface MarkedMovie {
  readonly project: string;
  readonly fingerprint: string;
  readonly createdAt: string | null;
  /** Whether it reports to a receiver of ours. */
  readonly webhook: boolean;
}

/** The mark of a listed movie: in `client-data`, or, where the list leaves that out, in the submitted JSON. */
export function markOf(movie: MovieReply): Mark | undefined {
  const mark = markIn(movie['client-data']);
  if (mark !== undefined || movie.json === null) return mark;
  const submitted = parseJson(movie.json);
  return isJsonObject(submitted) ? markIn(submitted['client-data']) : undefined;
}

/** Whether the submitted movie has a webhook destination of ours; the list and the full status carry it as text. */
export function reportsToUs(movie: MovieReply): boolean {
  return movie.json !== null && hasWebhook(parseJson(movie.json));
}

/** The movies that carry this key of this namespace, whatever their fingerprint. */
export function withKey(movies: readonly MovieReply[], key: string, namespace: string): MarkedMovie[] {
  return movies.flatMap((movie) => {
    const mark = markOf(movie);
    if (movie.project === null || mark?.key !== key || mark.namespace !== namespace) return [];
    const { project, created_at: createdAt } = movie;
    return [{ project, fingerprint: mark.fingerprint, createdAt, webhook: reportsToUs(movie) }];
  });
}

import { z } from 'zod';
import { type Mark, markIn } from '../movie/movie.js';
import { hasWebhook } from '../movie/webhook-destination.js';
import { isJsonObject, isWithinDepth, type JsonObject, parseJson } from '../text/json.js';

/** A link to a video. Real ones have 100 characters, presigned ones up to 2,000; the engine's history keeps it. */
const LINK_CHARACTERS = 4_096;

/** A time: ISO 8601 with any precision and zone. */
const TIME_CHARACTERS = 40;

/** A number, also as text: flat webhooks send text. Any other value is unknown, not an error. */
const looseNumber = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null)
  .transform((value) => value ?? null);

const looseText = z
  .string()
  .nullish()
  .catch(null)
  .transform((value) => (value === undefined || value === '' ? null : value));

/** Text that histories and the UI keep whole, since half of it is useless. Longer text is unknown. */
const textUpTo = (characters: number) =>
  looseText.transform((value) => (value !== null && value.length > characters ? null : value));

/** An object. The depth is checked first: a foreign movie, nested without end, must not stop a look at the whole list. */
const looseObject = z
  .unknown()
  .optional()
  .transform((value): JsonObject => (isJsonObject(value) && isWithinDepth(value) ? value : {}));

/** Schema of one movie in a reply, single or in a list. Unknown values become null, and unknown names are dropped. */
export const movieReply = z.object({
  project: looseText,
  status: looseText,
  message: looseText,
  url: textUpTo(LINK_CHARACTERS),
  ass: textUpTo(LINK_CHARACTERS),
  progress: looseNumber,
  duration: looseNumber,
  size: looseNumber,
  width: looseNumber,
  height: looseNumber,
  rendering_time: looseNumber,
  created_at: textUpTo(TIME_CHARACTERS),
  ended_at: textUpTo(TIME_CHARACTERS),
  'client-data': looseObject,
  json: looseText,
});

/** A movie as the provider reports it. */
export type MovieReply = z.infer<typeof movieReply>;

/** Schema of the reply to a GET of one movie. */
export const singleReply = z.object({ movie: movieReply });

/** Returns the mark of a movie: from `client-data` or, if the list leaves that out, from the submitted JSON. */
export function markOf(movie: MovieReply): Mark | undefined {
  const mark = markIn(movie['client-data']);
  if (mark !== undefined || movie.json === null) return mark;
  const submitted = parseJson(movie.json);
  return isJsonObject(submitted) ? markIn(submitted['client-data']) : undefined;
}

/** True if the submitted movie has a webhook destination of ours. The list and the full status carry the movie as text. */
export function reportsToUs(movie: MovieReply): boolean {
  return movie.json !== null && hasWebhook(parseJson(movie.json));
}

/** A movie that carries our mark. */
interface MarkedMovie {
  readonly project: string;
  readonly fingerprint: string;
  readonly createdAt: string | null;
  /** True if it reports to a receiver of ours. */
  readonly webhook: boolean;
}

/** Returns the movies that carry this key of this namespace, with any fingerprint. */
export function withKey(movies: readonly MovieReply[], key: string, namespace: string): MarkedMovie[] {
  return movies.flatMap((movie) => {
    const mark = markOf(movie);
    if (movie.project === null || mark?.key !== key || mark.namespace !== namespace) return [];
    const { project, created_at: createdAt } = movie;
    return [{ project, fingerprint: mark.fingerprint, createdAt, webhook: reportsToUs(movie) }];
  });
}

/**
 * Estimates the credits that a movie cost: one per started second of output (API page, section 7, read November 2026),
 * none if the render failed; undefined if it has not ended. Leaves out generated assets, a higher price that some pages
 * give for 4K, and a lower one for cached videos.
 */
export function creditsOf({ status, duration }: Pick<MovieReply, 'status' | 'duration'>): number | undefined {
  if (status === 'error') return 0;
  return status === 'done' && duration !== null ? Math.ceil(duration) : undefined;
}

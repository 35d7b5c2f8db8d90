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

/** Text that names something; a number counts as its digits. */
const looseName = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(null)
  .transform((value) => (value === undefined || value === '' ? null : value));

/** Text that histories and the UI keep whole, since half of it is useless. Longer text is unknown. */
const textUpTo = (characters: number) =>
  looseText.transform((value) => (value !== null && value.length > characters ? null : value));

/** Returns a JSON object that is given as such or as text; undefined for all else, and for one nested without end. */
function objectIn(value: unknown): JsonObject | undefined {
  const parsed: unknown = typeof value === 'string' ? parseJson(value) : value;
  // The depth is checked first: a foreign movie must not stop a look at the whole list.
  return isJsonObject(parsed) && isWithinDepth(parsed) ? parsed : undefined;
}

const movieFields = z.object({
  project: looseName,
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
  consumed_credits: z
    .array(z.object({ type: z.string(), credits: z.number().min(0) }))
    .nullish()
    .catch(null)
    .transform((items) => items ?? null),
  created_at: textUpTo(TIME_CHARACTERS),
  ended_at: textUpTo(TIME_CHARACTERS),
  'client-data': z.unknown().optional(),
  client_data: z.unknown().optional(),
  clientData: z.unknown().optional(),
  json: z
    .unknown()
    .optional()
    .transform((value): JsonObject | string | null =>
      typeof value === 'string' && value !== '' ? value : (objectIn(value) ?? null),
    ),
});

/**
 * Schema of one movie in a reply, single or in a list. Unknown values become null, and unknown names are dropped. The live
 * list has not been seen: `client-data` may be spelled in three ways, and it and `json` may be objects or text.
 */
export const movieReply = movieFields.transform(({ client_data, clientData, ...movie }) => ({
  ...movie,
  'client-data': { ...objectIn(client_data), ...objectIn(clientData), ...objectIn(movie['client-data']) },
}));

/** A movie as the provider reports it. */
export type MovieReply = z.infer<typeof movieReply>;

/** Schema of the reply to a GET of one movie. */
export const singleReply = z.object({ movie: movieReply });

const YES = ['true', '1', 'yes'];
const NO = ['false', '0', 'no', ''];

/** True or false, also as text or number; null if absent. Any other value makes the reply unreadable. */
const looseFlag = z
  .union([z.boolean(), z.number(), z.string()])
  .transform((value) => String(value).toLowerCase())
  .refine((value) => YES.includes(value) || NO.includes(value))
  .transform((value) => (value === '' ? null : YES.includes(value)))
  .nullish()
  .transform((value) => value ?? null);

/** Schema of one page of the list. */
export const pageReply = z.object({
  success: looseFlag,
  movies: z.array(movieReply),
  has_next: looseFlag,
  next_token: looseName,
  count: looseNumber,
  from: looseText,
  to: looseText,
});

/** Returns the mark of a movie: from `client-data` or, if the list leaves that out, from the submitted JSON. */
export function markOf(movie: MovieReply): Mark | undefined {
  return markIn(movie['client-data']) ?? markIn(objectIn(movie.json)?.['client-data']);
}

/** True if the submitted movie has a webhook destination of ours. */
export function reportsToUs(movie: MovieReply): boolean {
  return hasWebhook(objectIn(movie.json));
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
 * Returns the credits of generated assets that a reply names; undefined if it names no credits at all. The shape of the
 * items is not documented (API page, section 5): only those with a type and a number of credits count.
 */
export function assetCreditsIn(items: MovieReply['consumed_credits'] = null): number | undefined {
  if (items === null || items.length === 0) return undefined;
  const assets = items.filter(({ type }) => type !== 'render');
  return Math.ceil(assets.reduce((sum, { credits }) => sum + credits, 0));
}

/**
 * Estimates the credits that a movie cost: one per started second of output (API page, section 7, read November 2026),
 * none if the render failed; undefined if it has not ended. Generated assets count if the reply names them. Leaves out a
 * higher price that some pages give for 4K, and a lower one for cached videos.
 */
export function creditsOf({
  status,
  duration,
  consumed_credits: items,
}: Pick<MovieReply, 'status' | 'duration'> & Partial<Pick<MovieReply, 'consumed_credits'>>):
  number | undefined {
  const assets = assetCreditsIn(items) ?? 0;
  if (status === 'error') return assets;
  return status === 'done' && duration !== null ? Math.ceil(duration) + assets : undefined;
}

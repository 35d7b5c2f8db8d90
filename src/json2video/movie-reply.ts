import { z } from 'zod';
import { isJsonObject, isWithinDepth, JSON_DEPTH, type JsonObject } from '../text/json.js';
import { LINK_CHARACTERS, TIME_CHARACTERS } from '../render/limits.js';

/** A number that may come as text (flat webhooks do that); anything else is unknown, not an error. */
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

/** Text that histories and the UI get whole, since half of it is useless; longer than this it is unknown. */
const textUpTo = (characters: number) =>
  looseText.transform((value) => (value !== null && value.length > characters ? null : value));

/** Depth is checked first: a movie of somebody else's, nested without end, must not stop a look at the whole list. */
const looseObject = z
  .unknown()
  .optional()
  .transform((value): JsonObject => (isJsonObject(value) && isWithinDepth(value, JSON_DEPTH) ? value : {}));

/** One movie as the provider reports it, single or in a list; unknown values become null and unknown names are dropped. */
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

export type MovieReply = z.infer<typeof movieReply>;

/** The envelope of a single GET. */
export const singleReply = z.object({ movie: movieReply });

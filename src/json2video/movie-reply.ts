import { z } from 'zod';
import type { JsonObject } from '../render/json.js';

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

const looseObject = z
  .record(z.string(), z.json())
  .nullish()
  .catch(null)
  .transform((value): JsonObject => value ?? {});

/** One movie as the provider reports it, single or in a list; unknown values become null and unknown names are dropped. */
export const movieReply = z.object({
  project: looseText,
  status: looseText,
  message: looseText,
  url: looseText,
  ass: looseText,
  progress: looseNumber,
  duration: looseNumber,
  size: looseNumber,
  width: looseNumber,
  height: looseNumber,
  rendering_time: looseNumber,
  created_at: looseText,
  ended_at: looseText,
  'client-data': looseObject,
  json: looseText,
});

export type MovieReply = z.infer<typeof movieReply>;

/** The envelope of a single GET. */
export const singleReply = z.object({ movie: movieReply });

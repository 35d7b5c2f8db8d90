import type { JsonObject } from '../json.js';
import { isDeeperThan, isJsonObject, textOf } from '../json.js';

/** Levels of objects and arrays in one movie: every walk through a movie is recursive. */
const MAX_MOVIE_DEPTH = 100;

/** The body of a submission read as a movie, or the provider's message about it. */
export type MovieReading = { ok: true; movie: JsonObject } | { ok: false; message: string };

/** Reads the body as JSON object; its contents are checked later. */
export function readMovie(body: string): MovieReading {
  if (body.trim() === '') return { ok: false, message: 'No movie JSON received' };
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { ok: false, message: 'Error parsing movie JSON or the movie was empty' };
  }
  if (!isJsonObject(value) || isDeeperThan(value, MAX_MOVIE_DEPTH)) {
    return { ok: false, message: 'No valid movie JSON received' };
  }
  if (Object.keys(value).length === 0) {
    return { ok: false, message: 'Error parsing movie JSON or the movie was empty' };
  }
  return { ok: true, movie: value };
}

export function clientDataOf(movie: JsonObject): JsonObject {
  const clientData = movie['client-data'];
  return isJsonObject(clientData) ? clientData : {};
}

/** Returns the key in `client-data.renderonce.key`, by which tests tell submissions apart. */
export function markedKey(movie: JsonObject): string | undefined {
  const mark = clientDataOf(movie)['renderonce'];
  return isJsonObject(mark) ? textOf(mark['key']) : undefined;
}

import type { JsonObject } from '../json.js';
import { isDeeperThan, isJsonObject, textOf } from '../json.js';
import { MAX_MOVIE_DEPTH } from '../limits.js';

/** What reading the body of a submission came to. The messages are the provider's. */
export type MovieReading = { ok: true; movie: JsonObject } | { ok: false; message: string };

/** Is it a movie at all? What is in it is checked elsewhere. */
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

/** The key of the mark in `client-data.renderonce`, by which tests tell submissions apart. */
export function markedKey(movie: JsonObject): string | undefined {
  const mark = clientDataOf(movie)['renderonce'];
  return isJsonObject(mark) ? textOf(mark['key']) : undefined;
}

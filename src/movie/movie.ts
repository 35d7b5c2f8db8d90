import { MovieInvalid } from '../render/errors.js';
import { isJsonObject, isWithinDepth, JSON_DEPTH, type JsonObject } from '../text/json.js';
import { MOVIE_BYTES } from '../render/limits.js';
import { shorten, utf8Bytes } from '../text/text.js';

/** What we add to a movie before it is sent, so that it can be found again in the provider's list. */
export interface Mark {
  readonly key: string;
  readonly fingerprint: string;
  readonly namespace: string;
}

const MARK = 'renderonce';
const CLIENT_DATA = 'client-data';

/**
 * Checks that a movie is fit to be sent and returns it as plain JSON: what JSON cannot hold (undefined, functions)
 * is dropped here as it would be on the wire, so that the fingerprint is taken of what is sent.
 *
 * @throws MovieInvalid
 */
export function parseMovie(movie: unknown, key: string): JsonObject {
  const fail = (message: string): never => {
    throw new MovieInvalid(message, { key });
  };
  const plain = plainJson(movie);
  if (plain === undefined) return fail('the movie cannot be written as JSON');
  if (!isJsonObject(plain)) return fail('the movie is not a JSON object');
  if (!isWithinDepth(plain, JSON_DEPTH)) return fail(`the movie is nested deeper than ${JSON_DEPTH} levels`);
  const bytes = utf8Bytes(JSON.stringify(plain));
  if (bytes > MOVIE_BYTES) return fail(`the movie has ${bytes} bytes, and the limit is ${MOVIE_BYTES}`);
  const clientData = plain[CLIENT_DATA];
  if (clientData !== undefined && !isJsonObject(clientData)) return fail('"client-data" is not an object');
  if (clientData?.[MARK] !== undefined) return fail(`"client-data.${MARK}" is reserved for renderonce`);
  return plain;
}

/** What the wire would carry of a value; nothing where that cannot be told: cycles, throwing getters, endless depth. */
function plainJson(value: unknown): unknown {
  try {
    return isWithinDepth(value, JSON_DEPTH * 2) ? JSON.parse(JSON.stringify(value) ?? 'null') : undefined;
  } catch {
    return undefined;
  }
}

/** The movie with our mark beside the caller's own `client-data`. */
export function withMark(movie: JsonObject, mark: Mark): JsonObject {
  const own = movie[CLIENT_DATA];
  return { ...movie, [CLIENT_DATA]: { ...(isJsonObject(own) ? own : {}), [MARK]: { ...mark } } };
}

/** The mark in a `client-data` object that the provider returned, or nothing where there is none of ours. */
export function markIn(clientData: unknown): Mark | undefined {
  const mark = isJsonObject(clientData) ? clientData[MARK] : undefined;
  if (!isJsonObject(mark)) return undefined;
  const { key, fingerprint, namespace } = mark;
  if (typeof key !== 'string' || typeof fingerprint !== 'string' || typeof namespace !== 'string')
    return undefined;
  return { key, fingerprint, namespace };
}

/** The caller's own part of a `client-data` object. */
export function withoutMark(clientData: JsonObject): JsonObject {
  const { [MARK]: _mark, ...own } = clientData;
  return own;
}

/** A few words by which a person recognises the movie in the UI. */
export function labelOf(movie: JsonObject): string {
  const { comment, template, scenes, resolution } = movie;
  if (typeof comment === 'string' && comment.trim() !== '') return shorten(comment, 80);
  if (typeof template === 'string') return `template ${shorten(template, 40)}`;
  const count = Array.isArray(scenes) ? scenes.length : 0;
  const size = typeof resolution === 'string' ? `, ${shorten(resolution, 20)}` : '';
  return `${count} scene${count === 1 ? '' : 's'}${size}`;
}

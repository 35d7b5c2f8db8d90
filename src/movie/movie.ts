import { MovieInvalid } from '../render/errors.js';
import {
  isJsonObject,
  isWithinDepth,
  type Json,
  JSON_DEPTH,
  type JsonObject,
  pathSegment,
} from '../text/json.js';
import { digitFault } from '../text/json-text.js';
import { MOVIE_BYTES } from '../render/limits.js';
import { shorten, utf8Bytes } from '../text/text.js';

/** Mark in a movie's `client-data`, by which the movie is found again in the provider's list. */
export interface Mark {
  readonly key: string;
  readonly fingerprint: string;
  readonly namespace: string;
  /** Account that submitted the movie, as `accountOf` names it. */
  readonly account?: string;
}

const MARK = 'renderonce';
const CLIENT_DATA = 'client-data';

/**
 * Checks that a movie can be sent and returns it as plain JSON. Drops values that JSON cannot hold (undefined, functions),
 * as the wire would, so that the fingerprint is that of the sent movie.
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
  if (!isWithinDepth(plain)) return fail(`the movie is nested deeper than ${JSON_DEPTH} levels`);
  const bytes = utf8Bytes(JSON.stringify(plain));
  if (bytes > MOVIE_BYTES) return fail(`the movie has ${bytes} bytes, and the limit is ${MOVIE_BYTES}`);
  const { [CLIENT_DATA]: clientData, ...others } = plain;
  if (clientData === undefined) return plain;
  // PHP and some tools write an empty object as an empty list.
  const isEmpty = clientData === null || (Array.isArray(clientData) && clientData.length === 0);
  if (isEmpty) return { ...others, [CLIENT_DATA]: {} };
  if (!isJsonObject(clientData)) return fail('"client-data" is not an object');
  if (clientData[MARK] !== undefined) return fail(`"client-data.${MARK}" is reserved for renderonce`);
  return plain;
}

/** Yields a fault for each integer of which JavaScript has lost digits: the provider would get another number. */
export function* digitFaults(
  value: Json,
  path = '',
): Generator<{ readonly path: string; readonly message: string }> {
  if (typeof value === 'number') {
    const message = digitFault(value);
    if (message !== undefined) yield { path, message };
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* digitFaults(item, `${path}[${index}]`);
  } else if (isJsonObject(value)) {
    for (const [name, child] of Object.entries(value))
      yield* digitFaults(child, path + pathSegment(name, path === ''));
  }
}

/** Returns a value as the wire would carry it; undefined for cycles, throwing getters and endless depth. */
export function plainJson(value: unknown): unknown {
  try {
    return isWithinDepth(value, JSON_DEPTH * 2) ? JSON.parse(JSON.stringify(value) ?? 'null') : undefined;
  } catch {
    return undefined;
  }
}

/** Adds our mark beside the caller's own `client-data`. */
export function withMark(movie: JsonObject, mark: Mark): JsonObject {
  const own = movie[CLIENT_DATA];
  return { ...movie, [CLIENT_DATA]: { ...(isJsonObject(own) ? own : {}), [MARK]: { ...mark } } };
}

/** Returns our mark in a `client-data` object of the provider; undefined if it holds none. */
export function markIn(clientData: unknown): Mark | undefined {
  const mark = isJsonObject(clientData) ? clientData[MARK] : undefined;
  if (!isJsonObject(mark)) return undefined;
  const { key, fingerprint, namespace, account } = mark;
  if (typeof key !== 'string' || typeof fingerprint !== 'string' || typeof namespace !== 'string')
    return undefined;
  return { key, fingerprint, namespace, ...(typeof account === 'string' ? { account } : {}) };
}

/** Returns the caller's own part of a `client-data` object. */
export function withoutMark(clientData: JsonObject): JsonObject {
  const { [MARK]: _mark, ...own } = clientData;
  return own;
}

/** Returns a few words by which a person recognises the movie in the UI. */
export function labelOf(movie: JsonObject): string {
  const { comment, template, scenes, resolution } = movie;
  if (typeof comment === 'string' && comment.trim() !== '') return shorten(comment, 80);
  if (typeof template === 'string') return `template ${shorten(template, 40)}`;
  const count = Array.isArray(scenes) ? scenes.length : 0;
  const size = typeof resolution === 'string' ? `, ${shorten(resolution, 20)}` : '';
  return `${count} scene${count === 1 ? '' : 's'}${size}`;
}

import type { IncomingMessage } from 'node:http';
import { KeyInvalid } from '../../render/errors.js';
import { isJsonObject, type JsonObject } from '../../text/json.js';
import { idempotencyKeyOf } from '../headers.js';

const CLIENT_DATA = 'client-data';
const NAME = 'idempotency-key';

const HOW =
  'give one key, in header Idempotency-Key, in the path /keys/{key}/v2/movies, or as "idempotency-key" in the movie\'s client-data';

/**
 * Reads the key of a movie that existing code of JSON2Video sends: from the path, the header or `client-data`.
 *
 * @throws KeyInvalid if there is none, or if two of them differ
 */
export function keyOf(pathKey: string | undefined, request: IncomingMessage, movie: JsonObject): string {
  const given = [pathKey, idempotencyKeyOf(request), keyInClientData(movie)];
  const [key, ...others] = given.filter((each) => each !== undefined);
  if (key === undefined) throw new KeyInvalid(`the request has no key: ${HOW}`);
  if (others.some((other) => other !== key))
    throw new KeyInvalid(`the request has two keys that differ: ${HOW}`);
  return key;
}

function keyInClientData(movie: JsonObject): string | undefined {
  const clientData = movie[CLIENT_DATA];
  const key = isJsonObject(clientData) ? clientData[NAME] : undefined;
  if (key === undefined || typeof key === 'string') return key;
  throw new KeyInvalid(`client-data["${NAME}"] is no text: ${HOW}`);
}

/**
 * Places that the fingerprint leaves out. The key in `client-data` is one of three ways to give the same key, so a retry may
 * use another one. Clients such as PyPI's `json2video` add the `project` of the first answer to the movie that they send again.
 */
export const IGNORED: readonly string[] = [`/${CLIENT_DATA}/${NAME}`, '/project'];

/**
 * Returns a movie with `client-data`, an empty one if it has none. Without that, a movie whose only `client-data` is the key
 * would differ from the same movie with the key elsewhere. The mark is added to `client-data` anyway.
 */
export function withClientData(movie: JsonObject): JsonObject {
  return movie[CLIENT_DATA] === undefined ? { ...movie, [CLIENT_DATA]: {} } : movie;
}

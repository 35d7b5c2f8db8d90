import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../text/json.js';
import { withoutIgnored } from './ignored.js';

/**
 * Returns the SHA-256, in lower-case hex, of the canonical JSON (RFC 8785) of the caller's movie, before anything is added
 * to it, without the places that `ignore` names and without an empty `client-data`. Two movies have the same fingerprint
 * exactly if they are the same document but for those places; the order of names does not count.
 */
export function fingerprintOf(movie: JsonObject, ignore: readonly string[] = []): string {
  const counted = withoutIgnored(movie, ignore);
  return createHash('sha256').update(canonical(counted), 'utf8').digest('hex');
}

/**
 * Writes JSON as RFC 8785 says. The RFC refuses half a surrogate pair, which users' text holds if it was cut in the middle
 * of an emoji; it is written as its escape (`\ud83d`), as JSON writes it on the wire.
 */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  // The RFC orders names by UTF-16 units, as the default sort does.
  const members = Object.keys(value)
    .toSorted()
    .map((name) => `${JSON.stringify(name)}:${canonical(value[name] ?? null)}`);
  return `{${members.join(',')}}`;
}

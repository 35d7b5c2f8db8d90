import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../text/json.js';

/**
 * Returns the SHA-256, in lower-case hex, of the canonical JSON (RFC 8785) of the caller's movie, before anything is added
 * to it. Two movies have the same fingerprint exactly if they are the same document; the order of names does not count.
 */
export function fingerprintOf(movie: JsonObject): string {
  return createHash('sha256')
    .update(canonicalize(movie) ?? '', 'utf8')
    .digest('hex');
}

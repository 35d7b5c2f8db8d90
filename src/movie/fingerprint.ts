import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { JsonObject } from '../text/json.js';

/**
 * SHA-256, lower-case hex, over the canonical JSON (RFC 8785) of the caller's movie before anything is added to
 * it. Two movies have the same fingerprint exactly when they are the same document, whatever the order of their
 * names.
 */
export function fingerprintOf(movie: JsonObject): string {
  return createHash('sha256')
    .update(canonicalize(movie) ?? '', 'utf8')
    .digest('hex');
}

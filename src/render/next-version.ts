import { utf8Bytes } from '../text/text.js';
import { KEY_BYTES } from './limits.js';

/**
 * Returns the key for the next version of a render, for a corrected movie: `order-1` → `order-1-v2` → `order-1-v3`. A key at
 * the limit of 200 bytes gets too long by that; then the call that uses it says so.
 */
export function nextVersion(key: string): string {
  const [, base, version] = /^(.+)-v(\d{1,9})$/s.exec(key) ?? [];
  return base === undefined ? `${key}-v2` : `${base}-v${Number(version) + 1}`;
}

/** Returns the next version as a proposal to a person; undefined if it is too long to be a key. */
export function proposedVersion(key: string): string | undefined {
  const next = nextVersion(key);
  return utf8Bytes(next) > KEY_BYTES ? undefined : next;
}

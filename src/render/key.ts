import { KeyInvalid } from './errors.js';
import { utf8Bytes } from '../text/text.js';

/** A key is a workflow ID. Engines on SQL cap those at 255 bytes; the rest is a margin for prefixes in URLs. */
const KEY_BYTES = 200;

/**
 * Checks a business idempotency key: 1 to 200 bytes of UTF-8, no control characters, no space at either end.
 * The key is the workflow ID. The UI and logs show it in plain text, so it must hold no secret.
 *
 * @throws KeyInvalid
 */
export function assertKey(key: unknown): asserts key is string {
  const fault = faultOf(key);
  if (fault !== undefined) throw new KeyInvalid(fault);
}

function faultOf(key: unknown): string | undefined {
  if (typeof key !== 'string') return `a key is a string, and this is ${key === null ? 'null' : typeof key}`;
  if (key === '') return 'the key is empty';
  if (/[\p{Cc}]/u.test(key)) return 'the key holds a control character';
  if (/\p{Cs}/u.test(key)) return 'the key is not well-formed Unicode (a lone surrogate)';
  if (key !== key.trim()) return 'the key begins or ends with a space';
  const bytes = utf8Bytes(key);
  if (bytes > KEY_BYTES) return `the key has ${bytes} bytes, and the limit is ${KEY_BYTES}`;
  return undefined;
}

/**
 * Joins the parts of a business event into one key: `renderKey('order', 12345, 'promo-video')` is
 * `order:12345:promo-video`. Different parts never give the same key: a `:` or `\` inside a part is escaped.
 *
 * @throws KeyInvalid if a part is empty or the key breaks the rules.
 */
export function renderKey(...parts: readonly (string | number | bigint)[]): string {
  if (parts.length === 0) throw new KeyInvalid('renderKey needs at least one part');
  const escaped = parts.map((part, index) => {
    const text = String(part);
    if (text === '') throw new KeyInvalid(`part ${index + 1} of the key is empty`);
    return text.replace(/[\\:]/g, (character) => `\\${character}`);
  });
  const key = escaped.join(':');
  assertKey(key);
  return key;
}

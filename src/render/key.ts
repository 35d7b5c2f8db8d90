import { KeyInvalid } from './errors.js';
import { utf8Bytes } from '../text/text.js';
import { KEY_BYTES } from './limits.js';

/** Workflow IDs that begin with it belong to renderonce's own workflows. */
const RESERVED_PREFIX = 'renderonce.';

/**
 * Checks a business idempotency key: 1 to 200 bytes of UTF-8 in Unicode NFC, no control or invisible characters, no space
 * at either end. The key is the workflow ID. The UI and logs show it in plain text, so it must hold no secret.
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
  if (key.startsWith(RESERVED_PREFIX)) return `keys that begin with ${RESERVED_PREFIX} are reserved`;
  const lookAlike = lookAlikeFaultOf(key);
  if (lookAlike !== undefined) return lookAlike;
  const bytes = utf8Bytes(key);
  if (bytes > KEY_BYTES) return `the key has ${bytes} bytes, and the limit is ${KEY_BYTES}`;
  return undefined;
}

/** Finds characters by which two keys can read the same and still be paid for twice. */
function lookAlikeFaultOf(key: string): string | undefined {
  const [invisible] = /\p{Default_Ignorable_Code_Point}/u.exec(key) ?? [];
  if (invisible !== undefined) {
    return `the key holds ${codePoints(invisible)}, which nobody can see: remove it, e.g. by key.replace(/\\p{Default_Ignorable_Code_Point}/gu, '')`;
  }
  const normal = key.normalize('NFC');
  if (key === normal) return undefined;
  // The first character that NFC changes, with its combining marks.
  const characters = key.match(/\P{M}\p{M}*|\p{M}+/gu) ?? [];
  const changed = characters.find((character) => character !== character.normalize('NFC')) ?? key;
  return `the key is not in Unicode NFC: ${codePoints(changed)} must be ${codePoints(changed.normalize('NFC'))}; use key.normalize('NFC')`;
}

/** Formats characters for an error's text, e.g. `U+0065 U+0301`. */
function codePoints(text: string): string {
  return Array.from(
    text,
    (each) => `U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  ).join(' ');
}

/**
 * Joins the parts of a business event into one key: `renderKey('order', 12345, 'promo-video')` is
 * `order:12345:promo-video`. Different parts never give the same key: a `:` or `\` inside a part is escaped.
 *
 * @throws KeyInvalid if a part is empty or no text, finite number or bigint, or the key breaks the rules.
 */
export function renderKey(...parts: readonly (string | number | bigint)[]): string {
  if (parts.length === 0) throw new KeyInvalid('renderKey needs at least one part');
  const escaped = parts.map((part, index) => {
    const text = textOf(part, index + 1);
    if (text === '') throw new KeyInvalid(`part ${index + 1} of the key is empty`);
    return text.replace(/[\\:]/g, (character) => `\\${character}`);
  });
  const key = escaped.join(':');
  assertKey(key);
  return key;
}

/** JavaScript passes any value: `undefined` as a part would give one key to all orders. */
function textOf(part: unknown, number: number): string {
  if (typeof part === 'string') return part;
  if (typeof part === 'bigint' || (typeof part === 'number' && Number.isFinite(part))) return String(part);
  const shown = part === null || typeof part === 'number' ? String(part) : typeof part;
  throw new KeyInvalid(
    `part ${number} of the key is ${shown}, and must be text, a finite number or a bigint`,
  );
}

import { createSecretKey, type KeyObject } from 'node:crypto';
import { ConfigInvalid } from '../render/errors.js';

/** A key of 256 bits, and the ID by which payloads name it. A `KeyObject` prints without its bytes. */
interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
}

/** Keys of a codec: the first encrypts, all decrypt. */
type EncryptionKeys = readonly [EncryptionKey, ...EncryptionKey[]];

/** 32 bytes in canonical base64. */
const BASE64_OF_32_BYTES = /^[A-Za-z0-9+/]{43}=$/;
/** An ID is stored in the clear beside every payload. */
const ID = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Reads keys as `RENDERONCE_ENCRYPTION_KEYS` has them: `id:base64-of-32-bytes`, several with commas between. The first
 * encrypts, all decrypt. No error holds the text of a key.
 *
 * @throws ConfigInvalid
 */
export function parseEncryptionKeys(text: string): EncryptionKeys {
  const [first = '', ...more] = text.split(',').map((entry) => entry.trim());
  const keys: EncryptionKeys = [
    parseEntry(first, 1),
    ...more.map((entry, index) => parseEntry(entry, index + 2)),
  ];
  const ids = keys.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw unusable(`has two keys with ID ${twice}`);
  return keys;
}

function parseEntry(entry: string, position: number): EncryptionKey {
  const colon = entry.indexOf(':');
  const [id, base64] = [entry.slice(0, Math.max(colon, 0)), entry.slice(colon + 1)];
  if (!ID.test(id)) {
    throw unusable(
      `needs at position ${position} an ID of 1 to 64 letters, digits, dots, dashes before a colon`,
    );
  }
  const bytes = Buffer.from(base64, 'base64');
  if (!BASE64_OF_32_BYTES.test(base64) || bytes.toString('base64') !== base64) {
    throw unusable(`needs after ID ${id} the base64 of exactly 32 bytes`);
  }
  return { id, key: createSecretKey(bytes) };
}

function unusable(message: string): ConfigInvalid {
  return new ConfigInvalid(
    `RENDERONCE_ENCRYPTION_KEYS ${message}`,
    'Set it to id:key, e.g. 2026-11:$(openssl rand -base64 32), several with commas between; the first encrypts.',
  );
}

import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { PayloadUnreadable } from '../render/errors.js';
import { DECODED_PAYLOAD_BYTES } from '../render/limits.js';
import { messageOf, shorten } from '../text/text.js';
import type { EncryptionKey, EncryptionKeys } from './encryption-keys.js';
import { packPayload, unpackPayload } from './packed-payload.js';

/** Metadata of an encoded payload. The encoding names the format, so that payloads of other codecs are told apart. */
const ENCODING = 'binary/renderonce-encrypted-1';
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const compress = promisify(deflate);
const decompress = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/**
 * Keeps what the engine stores from whoever reads it there: zlib, then AES-256-GCM with a fresh nonce. Data is nonce,
 * ciphertext and tag; the whole inner payload, its metadata too, is within, and the outer metadata is authenticated.
 *
 * Payloads of other encodings pass `decode` unchanged, so that histories from before encryption was switched on go on.
 * It guards against readers: who may write to the namespace can still exchange payloads, or put plain ones there.
 */
export class EncryptingCodec implements PayloadCodec {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #current: EncryptionKey;
  readonly #nonce: () => Buffer;

  /** A nonce must never be used twice with one key. */
  constructor(keys: EncryptionKeys, nonce = (): Buffer => randomBytes(NONCE_BYTES)) {
    [this.#current] = keys;
    this.#keys = new Map(keys.map(({ id, key }) => [id, key]));
    this.#nonce = nonce;
  }

  async encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#encrypted(payload)));
  }

  /** @throws PayloadUnreadable where a payload was made with a key that is not at hand, or was altered. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decrypted(payload)));
  }

  async #encrypted(payload: Payload): Promise<Payload> {
    const { id, key } = this.#current;
    const nonce = this.#nonce();
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(authenticated(id));
    const compressed = await compress(packPayload(payload));
    const body = Buffer.concat([cipher.update(compressed), cipher.final()]);
    return {
      metadata: { encoding: Buffer.from(ENCODING), [KEY_ID]: Buffer.from(id) },
      data: Buffer.concat([nonce, body, cipher.getAuthTag()]),
    };
  }

  async #decrypted(payload: Payload): Promise<Payload> {
    if (textOf(payload.metadata?.['encoding']) !== ENCODING) return payload;
    const id = textOf(payload.metadata?.[KEY_ID]);
    const key = this.#keys.get(id);
    if (key === undefined) {
      throw new PayloadUnreadable(
        `a payload was encrypted with key ${shorten(id, 64)}, which is not at hand`,
      );
    }
    try {
      const compressed = decrypt(Buffer.from(payload.data ?? []), key, id);
      return unpackPayload(await decompress(compressed, { maxOutputLength: DECODED_PAYLOAD_BYTES }));
    } catch (cause) {
      throw new PayloadUnreadable(
        `a payload that names key ${id} cannot be decrypted: it was altered, or the key is another one ` +
          `(${shorten(messageOf(cause), 80)})`,
        { cause },
      );
    }
  }
}

function decrypt(data: Buffer, key: KeyObject, id: string): Buffer {
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new Error('too short');
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(id));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** The outer metadata as bytes; neither part can hold a line feed. */
function authenticated(id: string): Buffer {
  return Buffer.from(`${ENCODING}\n${id}`);
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

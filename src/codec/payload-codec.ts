import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
import protobuf from 'protobufjs';
import { PayloadUnreadable } from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';
import type { parseEncryptionKeys } from './encryption-keys.js';

/** Metadata of an encoded payload. The encoding names the format, which tells them from payloads of other codecs. */
const ENCODING = 'binary/renderonce-encrypted-1';
const KEY_ID = 'encryption-key-id';

/** `temporal.api.common.v1.Payload` as protocol buffers lay it out, so that a codec in any language can read it. */
const payloadType = new protobuf.Type('Payload')
  .add(new protobuf.MapField('metadata', 1, 'string', 'bytes'))
  .add(new protobuf.Field('data', 2, 'bytes'));

type EncryptionKeys = ReturnType<typeof parseEncryptionKeys>;

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const compress = promisify(deflate);
const decompress = promisify<Buffer, { maxOutputLength: number }, Buffer>(inflate);

/** A payload after decompression; a movie with all around it has at most 1.6 MB, and a bomb must not fill the memory. */
const DECODED_PAYLOAD_BYTES = 8_000_000;

/**
 * Encrypts the payloads that Temporal stores: zlib, then AES-256-GCM with a fresh nonce. The data are nonce, ciphertext
 * and tag. The ciphertext holds the whole inner payload with its metadata; the outer metadata is authenticated.
 *
 * `decode` leaves payloads of other encodings unchanged, so that older, plain histories stay readable. The codec protects
 * against readers only: a client with write access to the namespace can exchange payloads, or add plain ones.
 */
export class EncryptingCodec implements PayloadCodec {
  readonly #keys: ReadonlyMap<string, KeyObject>;
  readonly #current: EncryptionKeys[0];
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

  /** @throws PayloadUnreadable if this process lacks the key of a payload, or a payload was altered */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.all(payloads.map((payload) => this.#decrypted(payload)));
  }

  async #encrypted(payload: Payload): Promise<Payload> {
    const { id, key } = this.#current;
    const nonce = this.#nonce();
    const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(authenticated(id));
    const compressed = await compress(pack(payload));
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
        `a payload is encrypted with key ${shorten(id, 64)}, which this process does not have`,
      );
    }
    try {
      const compressed = decrypt(Buffer.from(payload.data ?? []), key, id);
      const packed = await decompress(compressed, { maxOutputLength: DECODED_PAYLOAD_BYTES });
      return payloadType.toObject(payloadType.decode(packed), { defaults: true });
    } catch (cause) {
      throw new PayloadUnreadable(
        `a payload with key ID ${id} cannot be decrypted: it was altered, or another key has this ID here ` +
          `(${shorten(messageOf(cause), 80)})`,
        { cause },
      );
    }
  }
}

function pack({ metadata, data }: Payload): Uint8Array {
  return payloadType.encode({ metadata: metadata ?? {}, data: data ?? new Uint8Array() }).finish();
}

function decrypt(data: Buffer, key: KeyObject, id: string): Buffer {
  if (data.length < NONCE_BYTES + TAG_BYTES) throw new Error('too short');
  const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(authenticated(id));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
}

/** Returns the outer metadata as bytes; neither part can hold a line feed. */
function authenticated(id: string): Buffer {
  return Buffer.from(`${ENCODING}\n${id}`);
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return bytes ? Buffer.from(bytes).toString('utf8') : '';
}

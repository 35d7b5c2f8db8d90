import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { parseEncryptionKeys } from './encryption-keys.js';
import { EncryptingCodec } from './payload-codec.js';

/**
 * Makes the `dataConverter` of a Temporal client, and of `createRenderWorker`, with which the engine keeps movies,
 * outcomes, reasons and labels encrypted. All processes of a namespace need the same keys.
 *
 * @param keys as in `RENDERONCE_ENCRYPTION_KEYS`: `id:base64-of-32-bytes`, several with commas between; the first
 *   encrypts, all decrypt.
 * @throws ConfigInvalid
 *
 * @example
 * const dataConverter = encryptingDataConverter(process.env.RENDERONCE_ENCRYPTION_KEYS);
 * const renders = new Renders({ client: new Client({ connection, dataConverter }) });
 */
export function encryptingDataConverter(keys: string): DataConverter {
  return { payloadCodecs: [encryptingCodec(keys)] };
}

/** Makes the codec alone. Throws as `encryptingDataConverter` does. */
export function encryptingCodec(keys: string): PayloadCodec {
  return new EncryptingCodec(parseEncryptionKeys(keys));
}

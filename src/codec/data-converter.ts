import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { parseEncryptionKeys } from './encryption-keys.js';
import { EncryptingCodec } from './payload-codec.js';

/**
 * What a Temporal client, and `createRenderWorker`, need as `dataConverter` so that movies, outcomes, reasons and labels
 * are kept encrypted by the engine. All processes of a namespace need the same keys.
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

/** The codec alone. Throws as `encryptingDataConverter` does. */
export function encryptingCodec(keys: string): PayloadCodec {
  return new EncryptingCodec(parseEncryptionKeys(keys));
}

import type { Client } from '@temporalio/client';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/index.js';
import { CODEC_ENCODINGS } from '../workflows/messages.js';

/** Decodes the first of the payloads that an event or a description holds; all of ours hold one. */
export async function decodePayload(
  client: Client,
  payloads: Parameters<typeof decodeArrayFromPayloads>[1],
): Promise<unknown> {
  const [first] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  return first;
}

/**
 * Decodes the first payload of what any client may have written. One that nobody can read counts as none, as it does to the
 * workflow. @throws the error of the data converter if a codec has made it
 */
export async function decodeForeign(
  client: Client,
  payloads: Parameters<typeof decodeArrayFromPayloads>[1],
): Promise<unknown> {
  try {
    return await decodePayload(client, payloads);
  } catch (error) {
    const encoding = payloads?.[0]?.metadata?.['encoding'];
    if (encoding && CODEC_ENCODINGS.test(Buffer.from(encoding).toString())) throw error;
    return undefined;
  }
}

/** Returns the message of a failure as the engine holds it; with encryption on, the message is in a payload. */
export async function failureMessage(
  client: Client,
  failure: Parameters<typeof decodeOptionalFailureToOptionalError>[1],
): Promise<string | undefined> {
  const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure);
  return error?.message;
}

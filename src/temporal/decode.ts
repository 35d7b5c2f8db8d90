import type { Client } from '@temporalio/client';
import {
  decodeArrayFromPayloads,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/index.js';

/** Decodes the first of the payloads that an event or a description holds; all of ours hold one. */
export async function decodePayload(
  client: Client,
  payloads: Parameters<typeof decodeArrayFromPayloads>[1],
): Promise<unknown> {
  const [first] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
  return first;
}

/** Returns the message of a failure as the engine holds it; with encryption on, the message is in a payload. */
export async function failureMessage(
  client: Client,
  failure: Parameters<typeof decodeOptionalFailureToOptionalError>[1],
): Promise<string | undefined> {
  const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure);
  return error?.message;
}

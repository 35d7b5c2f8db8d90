import type { Client } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';

/** A failure as it stands in a history or a description. */
type RawFailure = Parameters<typeof decodeOptionalFailureToOptionalError>[1];

/** The message of a failure as the engine holds it: with encryption on, it is in a payload. */
export async function failureMessage(client: Client, failure: RawFailure): Promise<string | undefined> {
  const error = await decodeOptionalFailureToOptionalError(client.options.loadedDataConverter, failure);
  return error?.message;
}

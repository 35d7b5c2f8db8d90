import type { Client } from '@temporalio/client';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { translateEngineError } from './engine-errors.js';

/** Asks the engine about a key, under the deadline of one call; what its client throws is told as ours. */
export async function askEngine<T>(client: Client, key: string, question: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + ENGINE_CALL_MS, question);
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

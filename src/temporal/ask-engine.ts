import type { Client } from '@temporalio/client';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { translateEngineError } from './engine-errors.js';

/** Options of every call that waits. */
export interface WaitOptions {
  /** Stops the waiting, not the render: the call fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Runs one question about a key under the default deadline, and translates the errors of Temporal's client. */
export async function askEngine<T>(client: Client, key: string, question: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + ENGINE_CALL_MS, question);
  } catch (error) {
    throw translateEngineError(error, key);
  }
}

/**
 * Runs work that a signal may end at any moment. The work gets a signal of its own: Temporal's client never removes its
 * listeners, and a caller's signal may live as long as the process.
 */
export async function abortable<T>(
  client: Client,
  signal: AbortSignal | undefined,
  work: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  const own = new AbortController();
  let stop = (): void => own.abort();
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason);
      own.abort();
    };
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([client.withAbortSignal(own.signal, () => work(own.signal)), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

import type { Client } from '@temporalio/client';

/** What every call that waits takes. */
export interface WaitOptions {
  /** Stops the waiting, not the render: the call fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs calls of the engine that a signal may end at any moment. The calls get a signal of their own: the engine's client
 * never takes its listeners off, and a caller's signal may live as long as the process.
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

/**
 * Runs with a signal that is aborted after `ms`, real time, or together with the one above it.
 *
 * Not `AbortSignal.any`: on Node 20 the signal above keeps something of every signal that was ever combined with
 * it, and the one above lives as long as the fake.
 */
export async function withinTime<T>(
  ms: number,
  above: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  above.addEventListener('abort', abort, { once: true });
  if (above.aborted) abort();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    above.removeEventListener('abort', abort);
  }
}

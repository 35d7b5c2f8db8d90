/** Longer than this nothing is waited for between two questions. */
const LONGEST_PAUSE_MS = 500;

/**
 * Waits until the question has an answer other than `undefined` and `false`; fails with `what` after `timeoutMs`. It is
 * asked every `everyMs`, and less often the longer it takes: asking takes processor time from what is waited for.
 */
export async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs: number = 30_000,
  everyMs: number = 50,
): Promise<T> {
  const startedMs = Date.now();
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    const waitedMs = Date.now() - startedMs;
    if (waitedMs > timeoutMs) {
      throw new Error(`waited ${timeoutMs} ms in vain until ${typeof what === 'string' ? what : what()}`);
    }
    const pauseMs = Math.max(everyMs, Math.min(LONGEST_PAUSE_MS, waitedMs / 20));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Waits until the question has an answer other than `undefined` and `false`; fails with `what` after `timeoutMs`. */
export async function until<T>(
  what: string | (() => string),
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs: number = 30_000,
  everyMs: number = 50,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain until ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

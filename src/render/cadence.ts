/** Slower than this a poller without webhooks never gets, and not faster after the first minute. */
const SETTLED_POLL_MS = 10_000;
const FIRST_MINUTE_MS = 60_000;

/** Delay until the next status check, where no webhook is expected: `pollSeconds`, after a minute 10 s. */
export function checkDelayMs(attempt: number, pollSeconds: number): number {
  const pollMs = pollSeconds * 1_000;
  const elapsedMs = attempt * pollMs;
  return elapsedMs < FIRST_MINUTE_MS ? pollMs : Math.max(pollMs, SETTLED_POLL_MS);
}

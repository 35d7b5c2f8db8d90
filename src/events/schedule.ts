/** Pauses between two attempts to deliver an event, as the Standard Webhooks specification suggests. */
const PAUSES_MS = [
  5_000,
  300_000,
  1_800_000,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * 3_600_000),
] as const;

/** A receiver cannot put an attempt off for longer. */
const RETRY_AFTER_MS = 86_400_000;

/**
 * Returns the pause after a number of attempts in vain; undefined after the last. It differs by up to 10 % at random, so
 * that a receiver that comes back does not get all events at once, and is longer if the receiver asked for that.
 */
export function pauseAfter(attempts: number, random: () => number, retryAfterMs = 0): number | undefined {
  const pauseMs = PAUSES_MS[attempts - 1];
  if (pauseMs === undefined) return undefined;
  const drawnMs = Math.round(pauseMs * (0.9 + 0.2 * random()));
  return Math.max(drawnMs, Math.min(retryAfterMs, RETRY_AFTER_MS));
}

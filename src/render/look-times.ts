/** What is known of how long an attempt lasted; all on the engine's clock or as a duration, never on a worker's clock. */
export interface AttemptTiming {
  /** When the engine recorded the attempt's end. */
  readonly endedAtMs: number;
  /** At least this long before its end the attempt had started. */
  readonly lastedAtLeastMs: number;
  readonly startToCloseMs: number;
}

/** A POST may outlive the attempt that sent it, but not the attempt's start plus its start-to-close timeout. */
export function latestPostEndMs({ endedAtMs, lastedAtLeastMs, startToCloseMs }: AttemptTiming): number {
  return endedAtMs - Math.min(lastedAtLeastMs, startToCloseMs) + startToCloseMs;
}

/** Soon, for the common case of a lost reply; a bit later, for a list that lags; and when all doubt must have settled. */
const FIRST_LOOK_MS = 5_000;
const SECOND_LOOK_MS = 30_000;

/**
 * When to look for a movie whose submission ended unknown at `endedAtMs`: three times, the last not before
 * `settledAtMs`.
 */
export function lookTimesMs(endedAtMs: number, settledAtMs: number): readonly [number, number, number] {
  const second = endedAtMs + SECOND_LOOK_MS;
  return [endedAtMs + FIRST_LOOK_MS, second, Math.max(settledAtMs, second + FIRST_LOOK_MS)];
}

/** Movies are looked for from this long before the first attempt: clocks differ, and the list has days. */
const LOOK_BACK_MS = 600_000;

/** From when on the provider's list is read, as an ISO time. */
export function lookSince(startedAtMs: number, lookFrom: string | undefined): string {
  const earliest = Math.min(startedAtMs, lookFrom === undefined ? startedAtMs : Date.parse(lookFrom));
  return new Date(Math.max(0, earliest - LOOK_BACK_MS)).toISOString();
}

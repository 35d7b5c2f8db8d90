/** Duration of an attempt, as far as it is known. All times are the engine's, never a worker's. */
interface AttemptTiming {
  /** Time at which the engine recorded the attempt's end. */
  readonly endedAtMs: number;
  /** The attempt had started at least this long before its end. */
  readonly lastedAtLeastMs: number;
  readonly startToCloseMs: number;
}

/**
 * Returns the latest time at which a POST of the attempt can end. It may outlive the attempt, but not the attempt's start
 * plus its start-to-close timeout.
 */
export function latestPostEndMs({ endedAtMs, lastedAtLeastMs, startToCloseMs }: AttemptTiming): number {
  return endedAtMs - Math.min(lastedAtLeastMs, startToCloseMs) + startToCloseMs;
}

/** The first look is for the common lost reply, the second for a list that lags, the third proves an absence. */
const FIRST_LOOK_MS = 5_000;
const SECOND_LOOK_MS = 30_000;

/**
 * Returns the times of the looks for a movie whose submission ended unknown at `endedAtMs`: three, the last not before
 * `settledAtMs`.
 */
export function lookTimesMs(endedAtMs: number, settledAtMs: number): readonly [number, number, number] {
  const second = endedAtMs + SECOND_LOOK_MS;
  return [endedAtMs + FIRST_LOOK_MS, second, Math.max(settledAtMs, second + FIRST_LOOK_MS)];
}

/** Looks begin this long before the first attempt: clocks differ, and the list has only days. */
const LOOK_BACK_MS = 600_000;

/** Returns the ISO time from which looks read the provider's list. */
export function lookSince(startedAtMs: number, lookFrom: string | undefined): string {
  const first = Date.parse(earliestOf(new Date(startedAtMs).toISOString(), lookFrom));
  return new Date(Math.max(0, first - LOOK_BACK_MS)).toISOString();
}

/** Returns the earlier of two ISO times. */
export function earliestOf(time: string, other: string | undefined): string {
  return other !== undefined && Date.parse(other) < Date.parse(time) ? other : time;
}

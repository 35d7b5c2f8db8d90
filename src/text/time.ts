/** One day in milliseconds. */
export const DAY_MS = 86_400_000;

/** Node fires a timer of more milliseconds at once. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** Formats a time for people: ISO 8601 UTC in whole seconds. */
export function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Formats a time for people: ISO 8601 UTC in whole seconds. */
export function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

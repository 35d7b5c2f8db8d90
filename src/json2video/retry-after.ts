/**
 * `Retry-After` as a wait in milliseconds, from seconds or from an HTTP date; nothing where it is absent or
 * unreadable. No page of the provider documents the header, so it is optional and never trusted beyond a clamp.
 */
export function retryAfterMs(header: unknown, nowMs: number): number | undefined {
  const value: unknown = Array.isArray(header) ? header[0] : header;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // An HTTP date always ends in GMT; Date.parse alone would take much else for a date.
  const at = text.endsWith('GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

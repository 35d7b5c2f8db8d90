import { WEBHOOK_PATH } from '../text/redact.js';
import { isJsonObject, type Json, type JsonObject } from '../text/json.js';

/**
 * Adds a webhook destination behind the caller's own: destinations run in order, so ours reports after their uploads.
 * Returns undefined if `exports` has an undocumented shape; the provider then reports that itself.
 */
export function withWebhook(movie: JsonObject, endpoint: string): JsonObject | undefined {
  // The full MIME type: the provider's own client notes that the provider ignores the short values.
  const destination = { type: 'webhook', endpoint, 'content-type': 'application/json' };
  const { exports = [] } = movie;
  if (!Array.isArray(exports)) return undefined;
  const [first, ...others]: readonly Json[] = exports;
  if (first === undefined) return { ...movie, exports: [{ destinations: [destination] }] };
  if (!isJsonObject(first)) return undefined;
  const { destinations = [] } = first;
  if (!Array.isArray(destinations)) return undefined;
  return { ...movie, exports: [{ ...first, destinations: [...destinations, destination] }, ...others] };
}

/** True if a submitted movie reports to a receiver of ours, by the form of the path. */
export function hasWebhook(movie: unknown): boolean {
  const exports = isJsonObject(movie) ? movie['exports'] : undefined;
  if (!Array.isArray(exports)) return false;
  return exports.some((entry: unknown) => {
    const destinations = isJsonObject(entry) ? entry['destinations'] : undefined;
    return Array.isArray(destinations) && destinations.some(isOurs);
  });
}

function isOurs(destination: unknown): boolean {
  const endpoint = isJsonObject(destination) ? destination['endpoint'] : undefined;
  return typeof endpoint === 'string' && endpoint.includes(`${WEBHOOK_PATH}/v1.`);
}

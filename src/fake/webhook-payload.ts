import type { JsonObject } from './json.js';
import type { Movie } from './movie.js';
import type { ShownState } from './timeline.js';

/** The fields that differ between an honest callback and a doctored one. */
export interface PayloadFacts {
  readonly project: string;
  readonly url: string | null;
}

/**
 * The body of a callback. Success: flat, all numbers as strings, no status (variant P1, the newest reference).
 * Failure: flat with status and message in place of the URL (P3), the only variant that tells failures.
 */
export function webhookPayload(movie: Movie, state: ShownState, facts: PayloadFacts): JsonObject {
  if (state.status === 'error') {
    return {
      project: facts.project,
      status: 'error',
      message: state.message,
      'client-data': movie.clientData,
    };
  }
  return {
    width: String(movie.plan.width),
    height: String(movie.plan.height),
    duration: String(movie.plan.durationSeconds),
    size: String(movie.sizeBytes),
    url: facts.url ?? '',
    project: facts.project,
    id: movie.label,
    'client-data': movie.clientData,
  };
}

/** The same fields as a form. How `client-data` is nested is nowhere documented: a JSON string here. */
export function formEncoded(payload: JsonObject): string {
  const fields = Object.entries(payload).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(fields).toString();
}

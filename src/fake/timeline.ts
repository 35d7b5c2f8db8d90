import { COMPUTED_TIMEOUT_MS, FILE_RETENTION_MS } from './limits.js';
import type { Movie } from './movie.js';

/** What the API says about a movie at one moment. */
export interface ShownState {
  readonly status: string;
  readonly message: string;
  /** Replaces the movie's own URL. */
  readonly url?: string | null;
}

/** pending → running → done or error. `timeout` is computed from a `running` that is too old, and not stored. */
export function stateAt(movie: Movie, nowMs: number): ShownState {
  if (movie.end !== undefined) return { status: movie.end.status, message: movie.end.message };
  if (nowMs < movie.startsAtMs) return { status: 'pending', message: '' };
  if (nowMs - movie.startsAtMs > COMPUTED_TIMEOUT_MS) {
    return { status: 'timeout', message: '' };
  }
  return { status: 'running', message: 'Rendering movie' };
}

/** The file goes with a DELETE, and seven days after the render ended. */
export function isFileGone(movie: Movie, nowMs: number): boolean {
  if (movie.deletedAtMs !== undefined) return true;
  return movie.end !== undefined && nowMs - movie.end.atMs > FILE_RETENTION_MS;
}

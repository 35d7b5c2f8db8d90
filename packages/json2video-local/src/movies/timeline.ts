import { COMPUTED_TIMEOUT_MS } from '../limits.js';
import type { Movie, VideoFile } from './movie.js';

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
  if (nowMs - movie.startsAtMs > COMPUTED_TIMEOUT_MS) return { status: 'timeout', message: '' };
  return { status: 'running', message: 'Rendering movie' };
}

/** Will it be seen as `timeout` before it ends? */
export function outlastsTimeout(movie: Movie): boolean {
  return movie.endsAtMs - movie.startsAtMs > COMPUTED_TIMEOUT_MS;
}

/** How far it has got, percent; 100 is for what is done. */
export function progressAt(movie: Movie, nowMs: number): number {
  const wholeMs = movie.endsAtMs - movie.startsAtMs;
  const share = wholeMs > 0 ? (nowMs - movie.startsAtMs) / wholeMs : 1;
  return Math.max(0, Math.min(99, Math.floor(share * 100)));
}

/** Made, and not gone yet: the file goes seven days after it was made, and with a DELETE. */
export function isFileServed(file: VideoFile, nowMs: number): boolean {
  return file.madeAtMs !== undefined && !isFileGone(file, nowMs);
}

export function isFileGone(file: VideoFile, nowMs: number): boolean {
  return file.removedAtMs !== undefined || (file.expiresAtMs !== undefined && nowMs > file.expiresAtMs);
}

import type { Movie, VideoFile } from './movie.js';

/** A movie that runs longer than this is shown as `timeout`; milliseconds of the server's clock. */
const COMPUTED_TIMEOUT_MS = 15 * 60_000;

/** The state of a movie that the API shows at one moment. */
export interface ShownState {
  readonly status: string;
  readonly message: string;
  /** Replaces the movie's own URL. */
  readonly url?: string | null;
}

/** Computes the state: pending → running → done or error. `timeout` is an old `running`, and not stored. */
export function stateAt(movie: Movie, nowMs: number): ShownState {
  if (movie.end !== undefined) return { status: movie.end.status, message: movie.end.message };
  if (nowMs < movie.startsAtMs) return { status: 'pending', message: '' };
  if (nowMs - movie.startsAtMs > COMPUTED_TIMEOUT_MS) return { status: 'timeout', message: '' };
  return { status: 'running', message: 'Rendering movie' };
}

/** True if the movie is shown as `timeout` before it ends. */
export function outlastsTimeout(movie: Movie): boolean {
  return movie.endsAtMs - movie.startsAtMs > COMPUTED_TIMEOUT_MS;
}

/** Returns the progress in percent, below 100. */
export function progressAt(movie: Movie, nowMs: number): number {
  const wholeMs = movie.endsAtMs - movie.startsAtMs;
  const share = wholeMs > 0 ? (nowMs - movie.startsAtMs) / wholeMs : 1;
  return Math.max(0, Math.min(99, Math.floor(share * 100)));
}

/** True from the end of the render until seven days later, or until a DELETE. */
export function isFileServed(file: VideoFile, nowMs: number): boolean {
  return file.madeAtMs !== undefined && !isFileGone(file, nowMs);
}

export function isFileGone(file: VideoFile, nowMs: number): boolean {
  return file.removedAtMs !== undefined || (file.expiresAtMs !== undefined && nowMs > file.expiresAtMs);
}

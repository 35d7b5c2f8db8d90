import {
  EngineNotSetUp,
  EngineUnavailable,
  BudgetExceeded,
  MovieRejected,
  NoWorker,
  RenderonceError,
  SubmissionPending,
} from '../../../render/errors.js';
import type { RenderOptionsInput } from '../../../render/options.js';
import type { SubmitOptions } from '../../../starter/prepare.js';
import { isJsonObject } from '../../../text/json.js';
import { messageOf } from '../../../text/text.js';

/** Longest line of a batch: the largest movie (1.5 MB) written with escapes, its key and its options. */
export const BATCH_LINE_BYTES = 4_000_000;

/** A render that one line of a batch asks for. */
export interface BatchOrder {
  readonly key: string;
  /** Checked at its submission, as any caller's. */
  readonly movie: unknown;
  readonly options: RenderOptionsInput & Pick<SubmitOptions, 'ignore' | 'ifDifferent'>;
}

/** One line of a batch: an order, or the reason why it is none. */
export type BatchLine = LineHead & ({ readonly order: BatchOrder } | { readonly problem: string });

interface LineHead {
  /** Number in the file, from 1; the first line of a record over several lines. */
  readonly line: number;
  /** Text in the file; absent if the line is too long or no UTF-8. */
  readonly raw?: string;
  readonly sizeBytes: number;
}

/** End of one line. */
export type LineEnd = LineAccepted | LineFailed;

/** The movie is accepted, now or before; after waiting, its video is there too. */
interface LineAccepted {
  readonly end: 'submitted' | 'replayed';
  readonly isDone: boolean;
  /** Length of the video; undefined if neither the movie nor the outcome has it. */
  readonly durationSeconds: number | undefined;
  /** Paths at which the line's movie differs from the one that was sent before; with `ifDifferent: 'join'`. */
  readonly differences?: readonly string[] | undefined;
}

/** The movie is not accepted, or its render has no video. */
export interface LineFailed {
  /**
   * `rejected`: the provider refused the movie for good, and the key is free. `failed`: the line is broken, or its key has
   * ended without a video. `pending`: not decided yet; the render continues, or a person decides.
   */
  readonly end: 'rejected' | 'failed' | 'pending';
  readonly code: string;
  readonly message: string;
  /** The next step; of a key that is spent, the next version of the key. */
  readonly next?: string;
}

/** Returns the end of a line whose submission or wait threw this error. */
export function endOfError(error: unknown): LineFailed {
  const end = kindOf(error);
  if (!(error instanceof RenderonceError)) return { end, code: 'Unexpected', message: messageOf(error) };
  const { code, message, next } = error;
  return { end, code, message, next };
}

function kindOf(error: unknown): LineFailed['end'] {
  if (error instanceof MovieRejected || error instanceof BudgetExceeded) return 'rejected';
  return error instanceof SubmissionPending || error instanceof NoWorker || isEngineLost(error)
    ? 'pending'
    : 'failed';
}

/** True if an error hits every other line too, because the engine is away or not set up. */
export function isEngineLost(error: unknown): error is EngineUnavailable | EngineNotSetUp {
  return error instanceof EngineUnavailable || error instanceof EngineNotSetUp;
}

/** Adds up the scenes of a movie, in seconds. Returns undefined for templates and natural lengths, which are unknown here. */
export function movieLengthSeconds(movie: unknown): number | undefined {
  const scenes = isJsonObject(movie) && movie['template'] === undefined ? movie['scenes'] : undefined;
  if (!Array.isArray(scenes) || scenes.length === 0) return undefined;
  let seconds = 0;
  for (const scene of scenes) {
    const duration: unknown = isJsonObject(scene) ? scene['duration'] : undefined;
    // -1 and -2 stand for natural lengths.
    if (typeof duration !== 'number' || !(duration > 0)) return undefined;
    seconds += duration;
  }
  return seconds;
}

import {
  EngineNotSetUp,
  EngineUnavailable,
  MovieRejected,
  NoWorker,
  RenderonceError,
  SubmissionPending,
} from '../../../render/errors.js';
import { messageOf } from '../../../text/text.js';

/** What became of one line. */
export type LineEnd = Accepted | NotAccepted;

/** Accepted now, or before; with waiting, its video is there too. */
export interface Accepted {
  readonly end: 'submitted' | 'replayed';
  readonly isDone: boolean;
  /** Length of the video, as far as movie or outcome tell it. */
  readonly durationSeconds: number | undefined;
}

export interface NotAccepted {
  /**
   * `rejected`: the provider did not take the movie, the key is free. `failed`: the line is broken, or its key has ended
   * without a video. `pending`: not decided yet; the render goes on by itself, or a person decides.
   */
  readonly end: 'rejected' | 'failed' | 'pending';
  readonly code: string;
  readonly message: string;
}

/** What an error means for its line. */
export function endOfError(error: unknown): NotAccepted {
  const code = error instanceof RenderonceError ? error.code : 'Unexpected';
  return { end: kindOf(error), code, message: messageOf(error) };
}

function kindOf(error: unknown): NotAccepted['end'] {
  if (error instanceof MovieRejected) return 'rejected';
  return error instanceof SubmissionPending || error instanceof NoWorker || stopsBatch(error)
    ? 'pending'
    : 'failed';
}

/** Whether no other line can fare better. */
export function stopsBatch(error: unknown): error is EngineUnavailable | EngineNotSetUp {
  return error instanceof EngineUnavailable || error instanceof EngineNotSetUp;
}

import type { RenderedMovie, UnfinishedOutcome } from '../render/outcome.js';
import type { SubmitOptions } from '../starter/prepare.js';
import type { MovieInput } from '../starter/renders-options.js';

/** Options of a render that a workflow asks for. Only a person restarts a key, so `restart` is not among them. */
export type CallerOptions = Omit<SubmitOptions, 'restart' | 'deadlineMs' | 'untilSettled' | 'signal'>;

/** Argument of `submitRender`. */
export interface RenderOrder {
  readonly key: string;
  readonly movie: MovieInput;
  readonly options?: CallerOptions | undefined;
}

/** Answer of `submitRender`: the render that `awaitRender` waits for. */
export interface RenderTicket {
  readonly key: string;
  /** The first run of the render's chain of runs. */
  readonly runId: string;
  readonly fingerprint?: string | undefined;
}

/** The activities by which a workflow renders; `renderOnce` of `renderonce/workflow` calls them. */
export interface RenderActivities {
  /**
   * Starts the render or joins it. Does not wait for the provider, except for its answer to another movie that it joins:
   * then it fails and is repeated by the engine.
   */
  readonly submitRender: (order: RenderOrder) => Promise<RenderTicket>;
  /** Waits for the video. Fails and is repeated by the engine until the render has ended. */
  readonly awaitRender: (ticket: RenderTicket) => Promise<RenderedMovie>;
}

/** Details of the failure of a render: the first of the `details` of its ApplicationFailure. */
export interface RenderFailureDetails {
  /** Code of the error, as in docs/errors.md; equals the failure's type. */
  readonly code: string;
  /** The next step, as one sentence. */
  readonly next: string;
  readonly key?: string;
  readonly project?: string;
  /** JSON paths at which the two movies differ; with `IdempotencyKeyReused`. */
  readonly differences?: readonly string[];
  /** End of a render that was accepted and has no video. */
  readonly outcome?: UnfinishedOutcome;
  /** Status of the provider's reply; with `MovieRejected`. */
  readonly httpStatus?: number;
}

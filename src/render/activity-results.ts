import type { Reading } from './reading.js';
import type { Submission } from './submission.js';

/** Result of `submitMovie`: one attempt to send the movie. */
interface SubmitMovieResult {
  readonly submission: Submission;
  /** Duration of the attempt on the worker's own clock; the settle window is counted with it. */
  readonly elapsedMs: number;
  /** True if the provider was asked to report the end; it chooses the cadence of the checks. */
  readonly webhook: boolean;
}

/** Result of `findMovie`: one reading of the provider's whole list. */
export interface Look {
  /** The run in which the look was made: only this run may send on its word. */
  readonly runId: string;
  /** Number of movies read. */
  readonly scanned: number;
  readonly found?: FoundMovie;
  /** A movie with our key and another fingerprint; never adopted. */
  readonly otherProject?: string;
}

/** A movie at the provider that is this run's. */
export interface FoundMovie {
  readonly project: string;
  readonly submittedAt: string;
  /** True if it reports to a receiver of ours. */
  readonly webhook: boolean;
}

/** Result of `claimMovie`: the answer about a project that a webhook or a person names. */
export interface Claim {
  readonly found?: FoundMovie;
  /** The reason why the project is not this run's, in words. */
  readonly notOurs?: string;
}

/**
 * The results of all activities, by the names under which histories record them. `activities/` must return them and the
 * starter's story reads them, so a renamed member fails to compile in both.
 */
export interface ActivityResults {
  readonly submitMovie: SubmitMovieResult;
  readonly findMovie: Look;
  readonly claimMovie: Claim;
  readonly checkMovie: Reading;
  readonly confirmMovie: Reading;
}

/** Details of every heartbeat of `submitMovie`, recorded before the first byte of the POST leaves. */
export interface SubmitHeartbeat {
  readonly sending: true;
}

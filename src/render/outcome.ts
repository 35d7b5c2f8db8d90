import type { Decision } from './decision.js';
import type { Video } from './reading.js';

/** Answer of update `submit`. Every outcome begins with it. Times are ISO 8601 UTC. */
export interface SubmitAnswer {
  readonly key: string;
  readonly project: string;
  readonly fingerprint: string;
  readonly submittedAt: string;
  /** Token of the call that started the run. A caller with another token got the answer of an earlier call's run. */
  readonly caller: string;
}

interface Decided {
  /** Decisions of people about the submission, oldest first; absent if there were none. */
  readonly decisions?: readonly Decision[];
}

/** A finished video, as the provider reported it. */
export interface RenderedMovie extends SubmitAnswer, Video, Decided {
  readonly status: 'done';
  /** Seven days after `endedAt`: then the provider deletes the file (API page, section 7). */
  readonly expiresAt: string | null;
}

/** An accepted render without a video. */
export interface UnfinishedOutcome extends SubmitAnswer, Decided {
  readonly status: 'failed' | 'timed-out' | 'cancelled';
  readonly message: string;
}

/** End of an accepted submission. */
export type Outcome = RenderedMovie | UnfinishedOutcome;

/** The provider deletes files 7 days after the end of the render, on every plan. */
const FILE_RETENTION_MS = 7 * 86_400_000;

/** Returns the time at which the provider deletes the file; null if the end is not known. */
export function expiryOf(endedAt: string | null): string | null {
  const ended = endedAt === null ? Number.NaN : Date.parse(endedAt);
  const expires = new Date(ended + FILE_RETENTION_MS);
  return Number.isNaN(expires.getTime()) ? null : expires.toISOString();
}

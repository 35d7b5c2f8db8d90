import type { Decision } from './decision.js';
import type { Video } from './reading.js';

/** What every outcome begins with. Times are ISO 8601 UTC. */
export interface OutcomeHead {
  readonly key: string;
  readonly project: string;
  readonly fingerprint: string;
  readonly submittedAt: string;
  /** Token of the call whose start this was; a caller that finds another's token here was answered from memory. */
  readonly caller: string;
}

/** What people decided on the way to an outcome, oldest first; absent where nobody had to. */
interface Decided {
  readonly decisions?: readonly Decision[];
}

/** A finished video, as the provider reported it. */
export interface RenderedMovie extends OutcomeHead, Video, Decided {
  readonly status: 'done';
  /** Seven days after `endedAt`: when the provider deletes the file (API page, section 7). */
  readonly expiresAt: string | null;
}

/** An accepted render without a video. */
export interface UnfinishedOutcome extends OutcomeHead, Decided {
  readonly status: 'failed' | 'timed-out' | 'cancelled';
  readonly message: string;
}

/** What became of an accepted submission. */
export type Outcome = RenderedMovie | UnfinishedOutcome;

/** What update `submit` answers. */
export type SubmitAnswer = OutcomeHead;

/** Files are deleted 7 days after the render ended, on every plan. */
const FILE_RETENTION_MS = 7 * 86_400_000;

export function expiryOf(endedAt: string | null): string | null {
  const ended = endedAt === null ? Number.NaN : Date.parse(endedAt);
  const expires = new Date(ended + FILE_RETENTION_MS);
  return Number.isNaN(expires.getTime()) ? null : expires.toISOString();
}

import type { LookStamp } from '../render/activity-results.js';
import type { Submission } from '../render/submission.js';

/** An accepted submission. Its project is paid for. */
export type Accepted = Extract<Submission, { end: 'accepted' }> & {
  /** True if the provider was asked to report the end of the render. */
  readonly webhook: boolean;
  /** The account that holds the project. */
  readonly account: string;
  /** True if the project was found after a doubt: its webhook may have come and gone already. */
  readonly adopted?: boolean;
};

/** The final end of submitting: nothing more is sent. */
export type SubmissionEnd =
  | Accepted
  | Extract<Submission, { end: 'rejected' }>
  | { readonly end: 'abandoned' | 'cancelled'; readonly message: string }
  | { readonly end: 'reused'; readonly message: string; readonly project: string };

/** The last look did not show the movie, or a person decided that it is not there. */
export interface Absent {
  readonly end: 'absent';
  readonly looked: LookStamp;
  /** The reason why the look proves nothing; such an absence allows no submission, except to a person. */
  readonly unproven?: string | undefined;
}

/** The end of a doubt: submitting is over, or the movie is absent. */
export type DoubtEnd = SubmissionEnd | Absent;

/** A submission of unknown fate: the provider may have accepted it. */
export interface Doubt {
  /** Why the fate is unknown, for people. */
  readonly message: string;
  /** After this time of the engine's clock nothing that was sent can turn up any more. */
  readonly settledAtMs: number;
  /** The account that may hold the movie; `UNKNOWN_ACCOUNT` if nobody knows. */
  readonly account: string;
  /** ISO time from which looks read the list. */
  readonly since: string;
  /** True if any mark of this namespace is a witness; see `LookFirst`. */
  readonly marksSuffice?: boolean | undefined;
}

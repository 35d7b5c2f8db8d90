import type { Submission } from '../render/submission.js';

/** An accepted submission. Its project is paid for. */
export type Accepted = Extract<Submission, { end: 'accepted' }> & {
  /** True if the provider was asked to report the end of the render. */
  readonly webhook: boolean;
  /** True if the project was found after a doubt: its webhook may have come and gone already. */
  readonly adopted?: boolean;
};

/** The final end of submitting: nothing more is sent. */
export type SubmissionEnd =
  | Accepted
  | Extract<Submission, { end: 'rejected' }>
  | { readonly end: 'abandoned' | 'cancelled'; readonly message: string }
  | { readonly end: 'reused'; readonly message: string; readonly project: string };

/** The movie is not at the provider, or a person says so: it may be sent. */
export interface Absent {
  readonly end: 'absent';
  /** The run that made the last look. A later run, made by a reset, must look for itself. */
  readonly lookedInRun: string;
  /** True if a person decided to send it again; the options then have no say. */
  readonly decided?: boolean;
}

/** The end of a doubt: submitting is over, or the movie may be sent again. */
export type DoubtEnd = SubmissionEnd | Absent;

/** A submission of unknown fate: the provider may have accepted it. */
export interface Doubt {
  /** Why the fate is unknown, for people. */
  readonly message: string;
  /** After this time of the engine's clock nothing that was sent can turn up any more. */
  readonly settledAtMs: number;
  /** True if nothing may be sent any more: the render was cancelled, or its last submission rejected. */
  readonly isOver: () => boolean;
}

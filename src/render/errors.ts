import { proposedVersion } from './next-version.js';
import type { UnfinishedOutcome } from './outcome.js';
import { type About, RenderonceError } from './renderonce-error.js';
import type { RenderState } from './state.js';

export * from './engine-errors.js';
export * from './not-kept.js';
export { RenderonceError };

/** The key breaks the rules of `assertKey`. Nothing was started. */
export class KeyInvalid extends RenderonceError {
  readonly code = 'KeyInvalid';
  readonly next =
    'Use 1 to 200 bytes of plain text in Unicode NFC, derived from the business event, e.g. renderKey("order", 12345).';
}

/** The movie cannot be sent in this form. Nothing was started. */
export class MovieInvalid extends RenderonceError {
  readonly code = 'MovieInvalid';
  readonly next = 'Correct the movie and call again with the same key.';
}

/** An option or setting is unknown or out of range. Nothing was started. */
export class OptionsInvalid extends RenderonceError {
  readonly code = 'OptionsInvalid';
  readonly next = 'Correct the option and call again with the same key.';
}

/** A workflow of another type has this ID. Nothing was started and nothing was sent. */
export class KeyTaken extends RenderonceError {
  readonly code = 'KeyTaken';
  readonly next =
    'Use another key, or a namespace of its own for renders. The other workflow stays as it is.';
}

/** The key belongs to another movie. Nothing was started and nothing was sent. */
export class IdempotencyKeyReused extends RenderonceError {
  readonly code = 'IdempotencyKeyReused';
  readonly next: string;
  /** JSON paths at which the two movies differ; empty if the other movie cannot be read any more. */
  readonly differingPaths: readonly string[];
  /** The outcome of the other movie's render, if it ended without a video. */
  readonly outcome?: UnfinishedOutcome;

  constructor(
    message: string,
    differingPaths: readonly string[],
    about: About & { readonly outcome?: UnfinishedOutcome | undefined },
  ) {
    super(message, about);
    this.differingPaths = differingPaths;
    if (about.outcome !== undefined) this.outcome = about.outcome;
    this.next =
      about.outcome === undefined
        ? 'Use another key for another movie, or the same movie for this key. If the provider holds the right movie under no run, call with that movie and restart: true, which adopts it.'
        : `Submit the corrected movie under a new key${orNextVersion(this.key)}.`;
  }
}

/** The provider refused this movie for good, or for `submitPatienceSeconds`. Nothing was spent; the key is free. */
export class MovieRejected extends RenderonceError {
  readonly code = 'MovieRejected';
  readonly next = 'Correct the movie (or the account) and call again; the key is free.';
  readonly httpStatus?: number;

  constructor(message: string, about: About & { readonly httpStatus?: number | undefined }) {
    super(message, about);
    if (about.httpStatus !== undefined) this.httpStatus = about.httpStatus;
  }
}

/** The budget does not hold the credits of this movie for `submitPatienceSeconds`. Nothing was spent; the key is free. */
export class BudgetExceeded extends RenderonceError {
  readonly code = 'BudgetExceeded';
  readonly next = 'Call again when `renderonce budget show` has the credits left, or have its limit raised.';
}

/** The provider accepted the movie, and the render ended without a video. `outcome` has the details. */
export abstract class UnfinishedRender extends RenderonceError {
  readonly outcome?: UnfinishedOutcome;

  constructor(message: string, about: About & { readonly outcome?: UnfinishedOutcome }) {
    super(message, about);
    if (about.outcome !== undefined) this.outcome = about.outcome;
  }
}

/** The provider ended the render with an error. The key is spent. */
export class RenderFailed extends UnfinishedRender {
  readonly code = 'RenderFailed';
  readonly next: string = `Read the message, correct the movie, and submit it under a new key${orNextVersion(this.key)}.`;
}

/** The render did not end in time. It may still end at the provider; the key is spent. */
export class RenderTimedOut extends UnfinishedRender {
  readonly code = 'RenderTimedOut';
  readonly next: string = `Look if the video is there after all: \`renderonce review\`. For a new attempt use a new key${orNextVersion(this.key)}, and a larger renderTimeoutSeconds.`;
}

/** The render was cancelled. If the error has a project, the provider still renders it, and the key is spent. */
export class RenderCancelled extends UnfinishedRender {
  readonly code = 'RenderCancelled';
  readonly next: string =
    this.project === undefined
      ? 'Do nothing if the cancel was intended. The key is free.'
      : `Do nothing if the cancel was intended. The key is spent: for another render use a new key${orNextVersion(this.key)}.`;
}

/** A person gave the key up, or its run was terminated, deleted or timed out, while the movie may have been accepted. */
export class RenderAbandoned extends RenderonceError {
  readonly code = 'RenderAbandoned';
  readonly next =
    'Run `renderonce audit` to see if the provider holds the movie. Call with restart: true to start again.';
}

/** The deadline passed before the submission ended. Nothing is lost: the render continues. */
export class SubmissionPending extends RenderonceError {
  readonly code = 'SubmissionPending';
  readonly next: string;
  /** The render's state when the deadline passed. */
  readonly state: RenderState;
  /** True if another call had started the render; absent if that is not known. */
  readonly replayed?: boolean;

  constructor(state: RenderState, about: About & { readonly replayed?: boolean | undefined }) {
    super(`the deadline passed while the render was ${state}`, about);
    this.state = state;
    if (about.replayed !== undefined) this.replayed = about.replayed;
    this.next =
      state === 'held'
        ? 'Look at `renderonce status`: the movie may have been accepted, and a person must decide.'
        : 'Call again with the same key and movie, or look at `renderonce status`.';
  }
}

/** A decision about a submission was refused. It changed nothing; the render continues as before. */
export class DecisionRefused extends RenderonceError {
  readonly code = 'DecisionRefused';
  readonly next =
    'See in `renderonce status` what the render waits for. Decide again if its submission is still in doubt. `--force` decides at your own risk.';
}

/** The deadline passed before the decision took effect. It may be recorded already, and may still take effect. */
export class DecisionPending extends RenderonceError {
  readonly code = 'DecisionPending';
  readonly next = 'Look at `renderonce status`. It is safe to decide the same again.';
}

/** The engine knows no render under this key: none was started, or the engine has forgotten a closed one. */
export class KeyNotFound extends RenderonceError {
  readonly code = 'KeyNotFound';
  readonly next = 'Check the spelling of the key and the namespace. `renderonce list` shows the known keys.';
}

/** The provider's list could not be read to its end, so it proves nothing. */
export class ProviderUnavailable extends RenderonceError {
  readonly code = 'ProviderUnavailable';
  readonly next =
    'Nothing changed. Check JSON2VIDEO_API_KEY and JSON2VIDEO_URL, and run the same command again.';
}

/** A command was called with a wrong word: an unknown command or option, a value out of bounds, a missing argument. */
export class UsageInvalid extends RenderonceError {
  readonly code = 'UsageInvalid';
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

/** An environment variable is missing or unusable. */
export class ConfigInvalid extends RenderonceError {
  readonly code = 'ConfigInvalid';
  readonly next: string;

  constructor(message: string, next: string) {
    super(message);
    this.next = next;
  }
}

/** This installation lacks the packages that only workers need. */
export class WorkerNotInstalled extends RenderonceError {
  readonly code = 'WorkerNotInstalled';
  readonly next = 'Run `npm install @temporalio/worker@1.24.0 @temporalio/activity@1.24.0`.';
}

/** A file of the command line is missing, unreadable or not JSON. */
export class FileInvalid extends RenderonceError {
  readonly code = 'FileInvalid';
  readonly next = 'Give the path of a readable file that holds one JSON document.';
}

/** Returns the words that propose the next key; empty without a key. */
function orNextVersion(key: string | undefined): string {
  const next = key === undefined ? undefined : proposedVersion(key);
  return next === undefined ? '' : `, e.g. ${next}`;
}

import type { UnfinishedOutcome } from './outcome.js';
import type { RenderState } from './state.js';

/** What an error is about, where known. */
export interface About {
  readonly key?: string;
  readonly project?: string;
  readonly cause?: unknown;
}

/**
 * Base of all errors that callers meet. `code` is stable and equals the class name, so that it survives
 * serialisation and duplicate package copies; `next` says what to do now, as one sentence.
 */
export abstract class RenderonceError extends Error {
  abstract readonly code: string;
  abstract readonly next: string;
  readonly key?: string;
  readonly project?: string;

  constructor(message: string, about: About = {}) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.name = new.target.name;
    if (about.key !== undefined) this.key = about.key;
    if (about.project !== undefined) this.project = about.project;
  }
}

/** The key breaks the rules of `assertKey`. Nothing was started. */
export class KeyInvalid extends RenderonceError {
  readonly code = 'KeyInvalid';
  readonly next =
    'Use 1 to 200 bytes of plain text derived from the business event, e.g. renderKey("order", 12345).';
}

/** The movie cannot be sent as it is. Nothing was started. */
export class MovieInvalid extends RenderonceError {
  readonly code = 'MovieInvalid';
  readonly next = 'Correct the movie and call again with the same key.';
}

/** An option or setting is unknown or out of range. Nothing was started. */
export class OptionsInvalid extends RenderonceError {
  readonly code = 'OptionsInvalid';
  readonly next = 'Correct the option and call again with the same key.';
}

/** The key belongs to another movie. Nothing was started and nothing was sent. */
export class IdempotencyKeyReused extends RenderonceError {
  readonly code = 'IdempotencyKeyReused';
  readonly next = 'Use another key for another movie, or the same movie for this key.';
  /** Where the two movies differ, as JSON paths; empty where the other movie cannot be read any more. */
  readonly differingPaths: readonly string[];

  constructor(message: string, differingPaths: readonly string[], about: About) {
    super(message, about);
    this.differingPaths = differingPaths;
  }
}

/** The provider refused this movie for good, or was not to be had for as long as patience lasted. Nothing was spent; the key is free. */
export class MovieRejected extends RenderonceError {
  readonly code = 'MovieRejected';
  readonly next = 'Correct the movie (or the account) and call again; the key is free.';
  readonly httpStatus?: number;

  constructor(message: string, about: About & { readonly httpStatus?: number | undefined }) {
    super(message, about);
    if (about.httpStatus !== undefined) this.httpStatus = about.httpStatus;
  }
}

/** The render was accepted and ended without a video. `outcome` is the whole story. */
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
  readonly next = 'Read the message, correct the movie, and use a new key for the corrected movie.';
}

/** The render did not end in time. It may still end at the provider; the key is spent. */
export class RenderTimedOut extends UnfinishedRender {
  readonly code = 'RenderTimedOut';
  readonly next =
    'Look the project up at the provider; for a new attempt use a new key and a larger renderTimeoutSeconds.';
}

/** The render was cancelled. Where a project is named it was accepted and goes on at the provider, and the key is spent. */
export class RenderCancelled extends UnfinishedRender {
  readonly code = 'RenderCancelled';
  readonly next = 'Nothing, if the cancel was meant; where no project is named the key is free.';
}

/** A person, or the end of the run from outside, gave this key up while it could not be told whether the movie had been accepted. */
export class RenderAbandoned extends RenderonceError {
  readonly code = 'RenderAbandoned';
  readonly next =
    'Run `renderonce audit` to see whether the provider holds the movie; call with restart: true to start again.';
}

/** The deadline passed before it was known whether the movie is accepted. Nothing is lost: the render goes on. */
export class SubmissionPending extends RenderonceError {
  readonly code = 'SubmissionPending';
  readonly next: string;
  /** Where the render stood when the deadline passed. */
  readonly state: RenderState;

  constructor(state: RenderState, about: About) {
    super(`the deadline passed while the render was ${state}`, about);
    this.state = state;
    this.next =
      state === 'held'
        ? 'Look at `renderonce status`: it may have been accepted, and a person decides.'
        : 'Call again with the same key and movie, or look at `renderonce status`.';
  }
}

/** A decision about a doubt was refused. Nothing was done; the render goes on as before. */
export class DecisionRefused extends RenderonceError {
  readonly code = 'DecisionRefused';
  readonly next =
    'Look at `renderonce status` for what the render waits for, and decide again where it is still in doubt.';
}

/** The deadline passed before a decision was carried out. It may have been recorded, and may still take effect. */
export class DecisionPending extends RenderonceError {
  readonly code = 'DecisionPending';
  readonly next = 'Look at `renderonce status`; deciding the same again is safe.';
}

/** The engine knows no render under this key: it was never asked for, or it closed longer ago than the engine remembers. */
export class KeyNotFound extends RenderonceError {
  readonly code = 'KeyNotFound';
  readonly next =
    'Check the spelling of the key and the namespace; list the known ones with `renderonce list`.';
}

/** The engine could not be reached, or did not answer in time. */
export class EngineUnavailable extends RenderonceError {
  readonly code = 'EngineUnavailable';
  readonly next =
    'Start Temporal (for a local one: `renderonce dev`) or correct TEMPORAL_ADDRESS, then call again with the same key.';
}

/** The provider's list could not be read to its end, so nothing can be concluded from it. */
export class ProviderUnavailable extends RenderonceError {
  readonly code = 'ProviderUnavailable';
  readonly next =
    'Nothing was changed. Check JSON2VIDEO_API_KEY and JSON2VIDEO_URL, and run the same command again.';
}

/** The engine lacks the namespace or the search attributes. */
export class EngineNotSetUp extends RenderonceError {
  readonly code = 'EngineNotSetUp';
  readonly next: string = 'Run `renderonce setup` against this engine, then call again with the same key.';
}

/** The deadline passed and no worker polls the task queue. Nothing is lost: the render is started and waits for one. */
export class NoWorker extends RenderonceError {
  readonly code = 'NoWorker';
  readonly next =
    'Start `renderonce worker` with the same task queue and namespace, then call again with the same key.';
}

/** What the engine holds is encrypted with a key that this process lacks, or was altered. */
export class PayloadUnreadable extends RenderonceError {
  readonly code = 'PayloadUnreadable';
  readonly next = 'Give this process all keys that the others have or had, by RENDERONCE_ENCRYPTION_KEYS.';
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

/** What only workers need is not installed here. */
export class WorkerNotInstalled extends RenderonceError {
  readonly code = 'WorkerNotInstalled';
  readonly next = 'Run `npm install @temporalio/worker@1.24.0 @temporalio/activity@1.24.0` beside it.';
}

/** A file that the command was given is missing, unreadable or not JSON. */
export class FileInvalid extends RenderonceError {
  readonly code = 'FileInvalid';
  readonly next = 'Give the path of a readable file that holds one JSON document.';
}

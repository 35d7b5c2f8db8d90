import { shorten } from '../text/text.js';
import { type About, RenderonceError } from './renderonce-error.js';

/**
 * The engine could not be reached, did not answer in time, failed, or limits the rate of calls. A start, decision or
 * cancel of this call may have arrived all the same.
 */
export class EngineUnavailable extends RenderonceError {
  readonly code = 'EngineUnavailable';
  readonly next: string;
  /** True if the engine limits the rate of calls. */
  readonly isLimited: boolean;

  constructor(message: string, about: About & { readonly isLimited?: boolean } = {}) {
    super(message, about);
    this.isLimited = about.isLimited === true;
    this.next = this.isLimited
      ? "Call again with the same key, with fewer calls at once or a larger deadlineMs, or raise the engine's limit."
      : 'Start Temporal (for a local one: `renderonce dev`) or correct TEMPORAL_ADDRESS, then call again with the same key.';
  }

  /** Returns the error of a call that the engine did not take because it limits the rate of calls. */
  static limited(
    reason: string,
    about: { readonly key?: string; readonly cause?: unknown },
  ): EngineUnavailable {
    const message = `the engine limits the rate of calls, and did not take this one before its deadline: ${shorten(reason)}`;
    return new EngineUnavailable(message, { ...about, isLimited: true });
  }
}

const AFTER_REFUSAL = {
  credentials:
    'Correct the API key or the certificate (TEMPORAL_API_KEY, TEMPORAL_TLS_*) or its rights in the namespace, then call again with the same key.',
  version: 'Upgrade Temporal Server to 1.28 or newer, or correct TEMPORAL_ADDRESS.',
  call: 'Read the message of the engine. After the cause is gone, call again with the same key.',
} as const;

/** The engine answered, and refused the call: its credentials, or the call itself. */
export class EngineRefused extends RenderonceError {
  readonly code = 'EngineRefused';
  readonly next: string;

  constructor(message: string, about: About & { readonly fault?: keyof typeof AFTER_REFUSAL } = {}) {
    super(message, about);
    this.next = AFTER_REFUSAL[about.fault ?? 'call'];
  }
}

/** The engine lacks the namespace or the search attributes. */
export class EngineNotSetUp extends RenderonceError {
  readonly code = 'EngineNotSetUp';
  readonly next: string = 'Run `renderonce setup` against this engine, then call again with the same key.';
}

/**
 * The deadline passed, and no worker gets the tasks of the task queue: none polls it, or none that polls has a version which
 * gets tasks. Nothing is lost: the started render waits for a worker.
 */
export class NoWorker extends RenderonceError {
  readonly code = 'NoWorker';
  readonly next: string;

  constructor(message: string, { next, ...about }: About & { readonly next?: string } = {}) {
    super(message, about);
    this.next =
      next ??
      'Start `renderonce worker` with the same task queue and namespace, then call again with the same key.';
  }
}

/** Data in the engine is encrypted with a key that this process lacks, or was altered. */
export class PayloadUnreadable extends RenderonceError {
  readonly code = 'PayloadUnreadable';
  readonly next = 'Set RENDERONCE_ENCRYPTION_KEYS of this process to all keys that the others use or used.';
}

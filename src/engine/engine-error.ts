/** What went wrong, in a form that programs may compare; it is part of the public interface. */
export type EngineErrorCode =
  'ENGINE_NOT_FOUND' | 'ENGINE_FETCH_FAILED' | 'ENGINE_UNSUITABLE' | 'ENGINE_START_FAILED';

interface Wording {
  /** What happened, as a sentence. */
  readonly message: string;
  /** What the reader can do about it, as a sentence. */
  readonly next: string;
  readonly cause?: unknown;
}

/**
 * The embedded engine could not be found, fetched or started. It says nothing about an engine that somebody else
 * runs: a Temporal cluster or Temporal Cloud is never looked for here.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  readonly code: EngineErrorCode;
  readonly next: string;

  constructor(code: EngineErrorCode, { message, next, cause }: Wording) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.next = next;
  }
}

/** Kinds of engine errors, for programs; they are part of the public interface. */
type EngineErrorCode =
  'ENGINE_NOT_FOUND' | 'ENGINE_FETCH_FAILED' | 'ENGINE_UNSUITABLE' | 'ENGINE_START_FAILED';

interface Wording {
  /** Fault, as a sentence. */
  readonly message: string;
  /** Next step of the reader, as a sentence. */
  readonly next: string;
  readonly cause?: unknown;
}

/**
 * The embedded engine could not be found, fetched or started. Other engines, such as a Temporal cluster or Temporal Cloud,
 * never cause it.
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

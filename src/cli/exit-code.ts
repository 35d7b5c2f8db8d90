// Not by way of its index, which loads all that starts an engine.
import { EngineError } from '../engine/engine-error.js';
import { RenderonceError } from '../render/errors.js';

/** Exit codes of every command; 0 is done. */
export const EXIT = { outcome: 1, usage: 2, unreachable: 3 } as const;

const BY_CODE: Readonly<Record<string, number>> = {
  RenderFailed: EXIT.outcome,
  RenderTimedOut: EXIT.outcome,
  RenderCancelled: EXIT.outcome,
  RenderAbandoned: EXIT.outcome,
  MovieRejected: EXIT.outcome,
  SubmissionPending: EXIT.outcome,
  DecisionPending: EXIT.outcome,
  KeyInvalid: EXIT.usage,
  MovieInvalid: EXIT.usage,
  OptionsInvalid: EXIT.usage,
  ConfigInvalid: EXIT.usage,
  FileInvalid: EXIT.usage,
  WorkerNotInstalled: EXIT.usage,
  PayloadUnreadable: EXIT.usage,
  KeyNotFound: EXIT.usage,
  IdempotencyKeyReused: EXIT.usage,
  DecisionRefused: EXIT.usage,
  EngineUnavailable: EXIT.unreachable,
  EngineNotSetUp: EXIT.unreachable,
  ProviderUnavailable: EXIT.unreachable,
  NoWorker: EXIT.unreachable,
};

/** The exit code for an error; one that nobody foresaw counts as a failed outcome. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof EngineError) return EXIT.unreachable;
  if (error instanceof RenderonceError) return BY_CODE[error.code] ?? EXIT.outcome;
  return EXIT.outcome;
}

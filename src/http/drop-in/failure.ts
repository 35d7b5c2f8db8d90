import { MovieRejected, SubmissionPending } from '../../render/errors.js';
import type { Caller } from '../caller.js';
import { problemOf } from '../problem.js';
import { Refusal } from '../refusal.js';

/** An error as the provider's clients read it: the body is `{ success: false, message }`. */
interface Failure {
  readonly status: number;
  readonly message: string;
  /** Seconds after which the same request makes sense; absent if it never does. */
  readonly retrySeconds?: number;
}

/** A person decides about a held movie; all else may have passed after a few seconds. */
const HELD_SECONDS = 60;
const RETRY_SECONDS = 5;

/** Returns the failure of an error, as a caller may see it. */
export function failureOf(error: unknown, caller: Caller | undefined): Failure {
  if (error instanceof SubmissionPending) {
    return {
      status: 503,
      message: `the movie is not accepted yet, its state is ${error.state}: send the same request again with the same key; it is paid for once`,
      retrySeconds: error.state === 'held' ? HELD_SECONDS : RETRY_SECONDS,
    };
  }
  const { status, detail, next } = problemOf(error, caller);
  // The provider's own words and status, by which existing code knows it.
  if (error instanceof MovieRejected) return { status: 400, message: detail };
  const message = error instanceof Refusal ? (WORDS[error.code] ?? detail) : `${detail}. ${next}`;
  const isPassing = status === 503 || status === 429;
  return { status, message, ...(isPassing ? { retrySeconds: RETRY_SECONDS } : {}) };
}

/** Words of refusals that the provider's clients recognise. */
const WORDS: Readonly<Record<string, string>> = {
  TokenInvalid: 'Error: Invalid API Key. Send a token of this server in header x-api-key.',
};

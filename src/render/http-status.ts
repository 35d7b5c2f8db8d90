/** HTTP statuses of the errors that callers meet. Only errors that pass by themselves are 503. */
const STATUS: Readonly<Record<string, number>> = {
  /** Not errors over HTTP: the render or the decision goes on. */
  SubmissionPending: 202,
  DecisionPending: 202,
  KeyInvalid: 400,
  MovieInvalid: 400,
  OptionsInvalid: 400,
  BudgetExceeded: 402,
  KeyNotFound: 404,
  NotKept: 404,
  KeyTaken: 409,
  DecisionRefused: 409,
  RenderAbandoned: 409,
  RenderCancelled: 409,
  IdempotencyKeyReused: 422,
  MovieRejected: 422,
  RenderFailed: 422,
  RenderTimedOut: 422,
  EngineRefused: 502,
  EngineNotSetUp: 503,
  EngineUnavailable: 503,
  NoWorker: 503,
  ProviderUnavailable: 503,
};

/**
 * Returns the HTTP status with which a backend answers an error of renderonce; 500 for any other error. A status from 500
 * on is about the backend itself: its message may name addresses, so do not send it to customers.
 *
 * @example
 * reply.code(httpStatusOf(error));
 */
export function httpStatusOf(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && Object.hasOwn(STATUS, code) ? (STATUS[code] ?? 500) : 500;
}

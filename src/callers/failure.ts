import { ApplicationFailure } from '@temporalio/common';
import { IdempotencyKeyReused, MovieRejected, RenderonceError, UnfinishedRender } from '../render/errors.js';
import { httpStatusOf } from '../render/http-status.js';
import type { RenderFailureDetails } from './contract.js';

/** Statuses from here on are about this process or the engine. An operator corrects them while the engine repeats. */
const OWN_FAULTS = 500;

/**
 * Runs the work of an activity, and translates its errors. An error about the movie, the key or the render is final. An
 * error about the engine passes or is corrected, so it is repeated.
 */
export async function asActivity<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RenderonceError)) throw error;
    const { code: type, message } = error;
    const nonRetryable = httpStatusOf(error) < OWN_FAULTS;
    throw ApplicationFailure.create({ message, type, nonRetryable, details: [detailsOf(error)] });
  }
}

function detailsOf(error: RenderonceError): RenderFailureDetails {
  const { code, next, key, project } = error;
  return {
    code,
    next,
    ...(key === undefined ? {} : { key }),
    ...(project === undefined ? {} : { project }),
    ...(error instanceof IdempotencyKeyReused ? { differences: error.differingPaths } : {}),
    ...(hasOutcome(error) && error.outcome !== undefined ? { outcome: error.outcome } : {}),
    ...(error instanceof MovieRejected && error.httpStatus !== undefined
      ? { httpStatus: error.httpStatus }
      : {}),
  };
}

function hasOutcome(error: RenderonceError): error is IdempotencyKeyReused | UnfinishedRender {
  return error instanceof IdempotencyKeyReused || error instanceof UnfinishedRender;
}

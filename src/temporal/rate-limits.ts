import { AsyncLocalStorage } from 'node:async_hooks';
import { type Client, Connection, makeGrpcRetryInterceptor } from '@temporalio/client';
import { GRPC } from './engine-errors.js';

/** Collects the refusals of some calls for the engine's rate limits. */
class Limits {
  /** The engine's words, if it refused one of the calls. */
  reason: string | undefined;

  run<T>(calls: () => Promise<T>): Promise<T> {
    return scope.run(this, calls);
  }
}

const scope = new AsyncLocalStorage<Limits>();

type Interceptors = NonNullable<Connection['options']['interceptors']>;
type Interceptor = Interceptors[number];
const watched = new WeakSet<Interceptors>();

/**
 * Watches a client's calls for refusals by the engine's rate limits. The SDK repeats such calls itself and shows only the
 * last error, most often "Deadline exceeded after 0.001s". An interceptor behind its repetitions sees each reply.
 */
export function watchLimits({ connection }: Client): Limits {
  const interceptors = connection instanceof Connection ? connection.options.interceptors : undefined;
  if (interceptors !== undefined && !watched.has(interceptors)) {
    watched.add(interceptors);
    interceptors.push(noteLimits);
  }
  return new Limits();
}

/** A try that begins this short before the deadline has no time for an answer. */
const LAST_MOMENT_MS = 1_000;

/** Repeats nothing, but is shown each try and each reply. */
const noteLimits: Interceptor = (options, nextCall) => {
  const limits = scope.getStore();
  const hasTime = Number(options.deadline ?? Number.POSITIVE_INFINITY) - Date.now() > LAST_MOMENT_MS;
  if (limits !== undefined && hasTime) limits.reason = undefined;
  const note = makeGrpcRetryInterceptor({
    retryableDecider: (_attempt, status) => {
      const code: number = status.code;
      if (limits !== undefined && code === GRPC.resourceExhausted) limits.reason = status.details;
      return false;
    },
    delayFunction: () => 0,
  });
  return note(options, nextCall);
};

import { AsyncLocalStorage } from 'node:async_hooks';
import { type Client, Connection, makeGrpcRetryInterceptor } from '@temporalio/client';
import { EngineUnavailable } from '../render/errors.js';
import { GRPC } from './engine-errors.js';

/** Collects the refusals of some calls for the engine's rate limits. */
class Limits {
  /** The engine's words, if it refused one of the calls. */
  reason: string | undefined;

  /** Returns the error of a call that had no answer before its deadline. */
  errorOf(about: { readonly key?: string; readonly cause?: unknown }): EngineUnavailable {
    if (this.reason !== undefined) return EngineUnavailable.limited(this.reason, about);
    return new EngineUnavailable('the engine did not answer in time', about);
  }

  run<T>(calls: () => Promise<T>): Promise<T> {
    return scope.run(this, calls);
  }
}

const scope = new AsyncLocalStorage<Limits>();

type Interceptors = NonNullable<Connection['options']['interceptors']>;
type Interceptor = Interceptors[number];
const watched = new WeakSet<Interceptors>();

/**
 * Watches a client's calls, or those of the surrounding call, for refusals by the engine's rate limits. The SDK repeats such calls itself and shows only the
 * last error, most often "Deadline exceeded after 0.001s". An interceptor behind its repetitions sees each reply.
 */
export function watchLimits({ connection }: Client): Limits {
  const interceptors = connection instanceof Connection ? connection.options.interceptors : undefined;
  if (interceptors !== undefined && !watched.has(interceptors)) {
    watched.add(interceptors);
    interceptors.push(noteLimits);
  }
  return scope.getStore() ?? new Limits();
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
  try {
    return note(options, nextCall);
  } catch {
    return unsent;
  }
};

const nothing = (): void => undefined;

/**
 * Stands for a try on a connection that was closed meanwhile. The SDK makes it from a timer, where the error would end the
 * process; nobody waits for it any more.
 */
const unsent: ReturnType<Interceptor> = Object.assign(Object.create(null), {
  start: nothing,
  sendMessage: nothing,
  halfClose: nothing,
  cancelWithStatus: nothing,
});

import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { EngineUnavailable } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { LONGEST_TIMER_MS } from '../text/time.js';
import { GRPC, grpcCode, isDeadline, translateEngineError } from './engine-errors.js';
import { watchLimits } from './rate-limits.js';

/** Options of every call that waits. */
export interface WaitOptions {
  /** Stops the waiting, not the render: the call fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of the calls that only ask the engine. */
export interface CallOptions extends WaitOptions {
  /** Longest wait for the engine, in milliseconds. */
  readonly deadlineMs?: number | undefined;
}

/** Longest wait past a deadline for the error of the client itself. */
const OVERTIME_MS = 250;

/**
 * Runs calls to the engine until a time. The SDK's client repeats them without a word while the engine limits their rate,
 * and its last pause may end seconds after the deadline; then EngineUnavailable is thrown, and says so.
 */
export async function callEngine<T>(
  client: Client,
  key: string | undefined,
  deadlineAtMs: number,
  work: () => Promise<T>,
): Promise<T> {
  const limits = watchLimits(client);
  const about = key === undefined ? {} : { key };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const waitMs = Math.max(0, deadlineAtMs - Date.now()) + OVERTIME_MS;
    if (waitMs <= LONGEST_TIMER_MS) timer = setTimeout(() => reject(limits.errorOf(about)), waitMs);
  });
  try {
    return await Promise.race([limits.run(() => client.withDeadline(deadlineAtMs, work)), late]);
  } catch (cause) {
    if (limits.reason === undefined || !isDeadline(cause)) throw cause;
    throw limits.errorOf({ cause, ...about });
  } finally {
    clearTimeout(timer);
  }
}

/** Pause before a call is repeated that the engine did not take because of its limits: between 0.5 and 1.5 s. */
export async function pauseAfterLimit(deadlineAtMs: number): Promise<void> {
  const pauseMs = 500 + Math.random() * 1_000;
  await pause(Math.max(0, Math.min(pauseMs, deadlineAtMs - Date.now())));
}

/**
 * Runs one question under a deadline, and translates the errors of Temporal's client. Repeats it until the deadline while
 * the engine limits the rate of calls.
 */
export async function askEngine<T>(
  client: Client,
  key: string | undefined,
  question: () => Promise<T>,
  deadlineAtMs: number = Date.now() + ENGINE_CALL_MS,
): Promise<T> {
  for (;;) {
    try {
      return await callEngine(client, key, deadlineAtMs, question);
    } catch (error) {
      const isLimited = grpcCode(error) === GRPC.resourceExhausted;
      if (!isLimited || Date.now() >= deadlineAtMs) throw translateEngineError(error, key);
      await pauseAfterLimit(deadlineAtMs);
    }
  }
}

/**
 * Runs work that a signal or a deadline may end at any moment; `late` makes the error of a deadline. The work gets a signal
 * of its own: Temporal's client never removes its listeners, and a caller's signal may live as long as the process.
 */
export async function abortable<T>(
  client: Client,
  { signal, deadlineMs }: CallOptions,
  work: (signal?: AbortSignal) => Promise<T>,
  late: () => Error = () => new EngineUnavailable('the engine did not answer in time'),
): Promise<T> {
  if (signal === undefined && deadlineMs === undefined) return work();
  signal?.throwIfAborted();
  const own = new AbortController();
  setMaxListeners(0, own.signal);
  let stop = (): void => own.abort();
  let timer: NodeJS.Timeout | undefined;
  const stopped = new Promise<never>((_, reject) => {
    const stopWith = (reason: unknown): void => {
      // An abort's reason is whatever its caller gave.
      reject(reason);
      own.abort();
    };
    stop = () => stopWith(signal?.reason);
    if (deadlineMs !== undefined) timer = setTimeout(() => stopWith(late()), deadlineMs);
  });
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([client.withAbortSignal(own.signal, () => work(own.signal)), stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

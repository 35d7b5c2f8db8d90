import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { EngineNotSetUp, EngineUnavailable } from '../render/errors.js';
import { deepestMessage, GRPC, grpcCode } from '../temporal/engine-errors.js';
import { readRetentionDays } from '../temporal/namespace.js';
import { shorten } from '../text/text.js';

/** Times of the watch; together they are less than a minute. */
const TIMES = {
  /** Between two questions to the engine. */
  intervalMs: 10_000,
  /** Most time of one question. */
  answerMs: 5_000,
  /** Time in which a worker that is given up ends its tasks; their results are lost anyway. */
  graceMs: 15_000,
};

/** Answers of an engine that lets a worker in no longer. */
const REFUSALS: readonly (number | undefined)[] = [GRPC.permissionDenied, GRPC.unauthenticated];

/** The part of a worker that is watched. */
interface Watched {
  readonly run: () => Promise<void>;
  /** Has no effect on a worker that has failed. */
  readonly shutdown: () => void;
}

/**
 * Asks the engine regularly if the worker's namespace is still there. Two refusals in a row end the worker, because the
 * SDK repeats a refused poll for minutes and then hides the cause. While the engine does not answer, the worker goes on.
 */
export class EngineWatch {
  readonly #client: Client;
  readonly #times: typeof TIMES;
  #wasLetIn = false;
  #refusal: Error | undefined;

  constructor(client: Client, times = TIMES) {
    this.#client = client;
    this.#times = times;
  }

  /** True from the first refusal until the engine answers as usual. */
  get isRefused(): boolean {
    return this.#refusal !== undefined;
  }

  /**
   * Runs a worker until it has ended, or is refused for good.
   *
   * @throws EngineNotSetUp, EngineUnavailable with the cause of a worker that cannot go on
   */
  async run(worker: Watched): Promise<void> {
    const watching = new AbortController();
    const ended = worker.run().then(
      () => undefined,
      (error: unknown) => stopped(error),
    );
    try {
      const error = await Promise.race([ended, this.#refused(watching)]);
      if (error === undefined) return;
      worker.shutdown();
      await Promise.race([ended, sleep(this.#times.graceMs, undefined, { ref: false })]);
      // The error of the SDK may hide that the namespace is gone.
      throw this.#refusal ?? (await this.#reason()) ?? error;
    } finally {
      watching.abort();
    }
  }

  /** Resolves with the refusal that came twice in a row; never resolves otherwise. */
  async #refused({ signal }: { readonly signal: AbortSignal }): Promise<Error> {
    for (;;) {
      const pause = sleep(this.#times.intervalMs, undefined, { signal, ref: false });
      // After the end of the worker nobody waits for this.
      await pause.catch(() => new Promise(() => {}));
      const answer = await this.#ask();
      if (answer === NO_ANSWER) continue;
      if (answer !== undefined && this.#refusal !== undefined) return answer;
      this.#refusal = answer;
    }
  }

  async #reason(): Promise<Error | undefined> {
    const answer = await this.#ask();
    return answer === NO_ANSWER ? undefined : answer;
  }

  /** Returns the engine's refusal, or nothing if it lets the worker in. */
  async #ask(): Promise<Error | undefined | typeof NO_ANSWER> {
    const { namespace } = this.#client.options;
    try {
      const deadline = Date.now() + this.#times.answerMs;
      const days = await this.#client.withDeadline(deadline, () =>
        readRetentionDays(this.#client, namespace),
      );
      this.#wasLetIn = true;
      return days === undefined ? new EngineNotSetUp(`the engine has no namespace ${namespace}`) : undefined;
    } catch (cause) {
      // A worker's role may never have been allowed to describe its namespace.
      if (!REFUSALS.includes(grpcCode(cause)) || !this.#wasLetIn) return NO_ANSWER;
      const message = `the engine lets this worker in no longer: ${shorten(deepestMessage(cause))}`;
      return new EngineUnavailable(message, { cause });
    }
  }
}

const NO_ANSWER = Symbol('no answer');

/** Returns the error of a worker that stopped by itself, in our words. */
function stopped(cause: unknown): Error {
  return new EngineUnavailable(`the worker cannot go on: ${shorten(deepestMessage(cause))}`, { cause });
}

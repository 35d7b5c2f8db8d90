import type { Client } from '@temporalio/client';
import { assertKey } from './render/key.js';
import type { RenderedMovie } from './render/outcome.js';
import { cancelRender } from './starter/cancel.js';
import { type ListedRender, type ListFilter, listRenders } from './starter/list.js';
import { prepareCall, type SubmitOptions } from './starter/prepare.js';
import { awaitResult } from './starter/result.js';
import { type Started, startRender } from './starter/start.js';
import { readStatus, type RenderStatus } from './starter/status.js';
import { SubmitCall, type Submitted } from './starter/submit.js';

export interface RendersOptions {
  /** A connected `@temporalio/client` Client; its namespace is where the keys live. */
  readonly client: Client;
  /** The workers' task queue, `renderonce` by default. */
  readonly taskQueue?: string;
}

/** What `result` and `render` take. */
export interface WaitOptions {
  /** Stops the waiting; the render goes on. */
  readonly signal?: AbortSignal | undefined;
}

const DEFAULT_TASK_QUEUE = 'renderonce';

/**
 * Renders under business keys, for backends. Every call may be repeated any number of times: a key is paid for once.
 *
 * @example
 * const renders = new Renders({ client });
 * const video = await renders.render(renderKey('order', 12345, 'thumbnail'), movie);
 */
export class Renders {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor({ client, taskQueue = DEFAULT_TASK_QUEUE }: RendersOptions) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  /**
   * Starts the render, or joins it, and waits until the provider has accepted the movie. It does not wait for the
   * video.
   *
   * @throws KeyInvalid, MovieInvalid, OptionsInvalid before anything is started; IdempotencyKeyReused, MovieRejected,
   *   RenderCancelled, RenderAbandoned; SubmissionPending or NoWorker when `deadlineMs` (30 s) has passed;
   *   EngineUnavailable, EngineNotSetUp.
   */
  async submitOnce(key: string, movie: unknown, options: SubmitOptions = {}): Promise<Submitted> {
    return new SubmitCall(this.#client, this.#taskQueue, prepareCall(key, movie, options, Date.now())).run();
  }

  /** Starts the render and waits for nothing; needs no worker to be up. Throws as `submitOnce` does. */
  async start(key: string, movie: unknown, options: SubmitOptions = {}): Promise<Started> {
    return startRender(this.#client, this.#taskQueue, prepareCall(key, movie, options, Date.now()));
  }

  /**
   * Waits for the video of a key that was submitted, by whomever.
   *
   * @throws RenderFailed, RenderTimedOut, RenderCancelled, MovieRejected, RenderAbandoned, IdempotencyKeyReused,
   *   KeyNotFound, EngineUnavailable; the signal's reason when it was aborted.
   */
  async result(key: string, { signal }: WaitOptions = {}): Promise<RenderedMovie> {
    assertKey(key);
    return awaitResult(this.#client, key, signal);
  }

  /** `submitOnce` and `result` in one; waits past `deadlineMs` while the submission goes on by itself. */
  async render(key: string, movie: unknown, options: SubmitOptions = {}): Promise<RenderedMovie> {
    await this.submitOnce(key, movie, { ...options, untilSettled: true });
    return this.result(key, { signal: options.signal });
  }

  /**
   * Where a render stands, from the engine alone: needs no worker and never waits.
   *
   * @throws KeyNotFound, EngineUnavailable
   */
  async status(key: string): Promise<RenderStatus> {
    assertKey(key);
    return readStatus(this.#client, key);
  }

  /** The renders of this namespace, newest first; what the index shows may lag by a second. */
  list(filter: ListFilter = {}): AsyncIterable<ListedRender> {
    return listRenders(this.#client, filter);
  }

  /**
   * Asks a render to end. Before it was accepted nothing is sent and the key stays free; after that the outcome is
   * `cancelled`, and the project goes on at the provider, which has no cancel. On a closed render it does nothing.
   *
   * @throws KeyNotFound, EngineUnavailable
   */
  async cancel(key: string): Promise<void> {
    assertKey(key);
    await cancelRender(this.#client, key);
  }
}

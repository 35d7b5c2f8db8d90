import type { Client } from '@temporalio/client';
import type { AssetRule } from './render/asset-urls.js';
import type { DecisionAnswer } from './render/decision.js';
import { assertKey } from './render/key.js';
import type { RenderOptionsInput } from './render/options.js';
import type { RenderedMovie } from './render/outcome.js';
import { cancelRender } from './starter/cancel.js';
import { type ListedRender, type ListFilter, listRenders } from './starter/list.js';
import { type PreparedCall, prepareCall, type SubmitOptions } from './starter/prepare.js';
import { type DecisionChoice, type DecisionTerms, resolveSubmission } from './starter/resolve.js';
import { awaitResult } from './starter/result.js';
import { type Started, startRender } from './starter/start.js';
import { readStatus, readStory, type RenderStatus, type RenderStory } from './starter/status.js';
import { SubmitCall, type Submitted } from './starter/submit.js';

export interface RendersOptions {
  /** A connected `@temporalio/client` Client; its namespace is where the keys live. */
  readonly client: Client;
  /** The workers' task queue, `renderonce` by default. */
  readonly taskQueue?: string;
  /** Options of every render that a call does not set itself, e.g. `{ resubmissions: 0 }`. */
  readonly defaults?: Omit<RenderOptionsInput, 'lookFrom' | 'lookUntil'>;
  /** What movies may point to: `public` (default) refuses addresses that are not of the public web, `any` none. */
  readonly assets?: AssetRule;
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
  readonly #defaults: RenderOptionsInput;
  readonly #assets: AssetRule;

  constructor({ client, taskQueue = DEFAULT_TASK_QUEUE, defaults = {}, assets = 'public' }: RendersOptions) {
    this.#client = client;
    this.#taskQueue = taskQueue;
    this.#defaults = defaults;
    this.#assets = assets;
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
    return new SubmitCall(this.#client, this.#taskQueue, this.#prepare(key, movie, options)).run();
  }

  /** Starts the render and waits for nothing; needs no worker to be up. Throws as `submitOnce` does. */
  async start(key: string, movie: unknown, options: SubmitOptions = {}): Promise<Started> {
    return startRender(this.#client, this.#taskQueue, this.#prepare(key, movie, options));
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

  /** As `status`, with what happened so far and what comes next, in words for people. */
  async story(key: string): Promise<RenderStory> {
    assertKey(key);
    return readStory(this.#client, key);
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

  /**
   * A person's decision about a submission of which it is not known whether it was accepted (state `unknown` or
   * `held`): `{ adopt: project }`, `'resubmit'` or `'abandon'`. Deciding the same again is answered as the first time.
   *
   * @throws DecisionRefused where nothing is in doubt, the project carries no mark of this key, or it is too early to
   *   send again; DecisionPending, KeyNotFound, NoWorker, EngineUnavailable
   */
  async resolve(key: string, choice: DecisionChoice, terms: DecisionTerms): Promise<DecisionAnswer> {
    assertKey(key);
    return resolveSubmission(this.#client, key, choice, terms);
  }

  #prepare(key: string, movie: unknown, options: SubmitOptions): PreparedCall {
    const set = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    return prepareCall(key, movie, { ...this.#defaults, ...set }, Date.now(), this.#assets);
  }
}

import type { Client } from '@temporalio/client';
import type { MovieInput, RendersOptions } from './starter/renders-options.js';
import type { AssetRule } from './movie/asset-urls.js';
import type { DecisionAnswer } from './render/decision.js';
import { DecisionPending } from './render/errors.js';
import { assertKey } from './render/key.js';
import type { RenderOptionsInput } from './render/options.js';
import type { RenderedMovie } from './render/outcome.js';
import type { VideoStore } from './keep/video-store.js';
import { abortable, type CallOptions, type WaitOptions } from './temporal/ask-engine.js';
import { askUntil, LAST_WORD_MS } from './starter/ask-until.js';
import { cancelRender } from './starter/cancel.js';
import { type ListedRender, type ListFilter, listRenders } from './starter/list.js';
import { type PreparedCall, prepareCall, type SubmitOptions } from './starter/prepare.js';
import { type DecisionChoice, type DecisionTerms, resolveSubmission } from './starter/resolve.js';
import { awaitKept, type KeptCopy } from './starter/kept.js';
import { linkTo } from './starter/link.js';
import { renderVideo } from './starter/render-video.js';
import { awaitResult } from './starter/result.js';
import { type Review, reviewRender } from './starter/review.js';
import { type Started, startRender } from './starter/start.js';
import { readStatus, readStory, type RenderStatus, type RenderStory, watchRender } from './starter/status.js';
import { submitRender, type Submitted } from './starter/submit.js';

export type { MovieInput, RendersOptions };

const DEFAULT_TASK_QUEUE = 'renderonce';

/**
 * Starts renders under business keys and awaits them, for backends. Repeat every call as often as you like: a key is paid
 * for once.
 *
 * @group Start here
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
  readonly #keep: VideoStore | undefined;

  /** @param options the client, and defaults of all renders */
  constructor(options: RendersOptions) {
    const { client, taskQueue = DEFAULT_TASK_QUEUE, defaults = {}, assets = 'public', keep } = options;
    this.#client = client;
    this.#taskQueue = taskQueue;
    this.#defaults = defaults;
    this.#assets = assets;
    this.#keep = keep;
  }

  /**
   * Starts the render, or joins it, and waits until the provider has accepted the movie. It does not wait for the
   * video.
   *
   * @throws KeyInvalid, MovieInvalid, OptionsInvalid before anything is started; IdempotencyKeyReused, MovieRejected,
   *   BudgetExceeded, RenderCancelled, RenderAbandoned; SubmissionPending or NoWorker when `deadlineMs` (30 s) has passed;
   *   EngineUnavailable, EngineNotSetUp; the signal's reason after an abort
   */
  async submitOnce(key: string, movie: MovieInput, options: SubmitOptions = {}): Promise<Submitted> {
    const call = this.#prepare(key, movie, options);
    return this.#until(options, () => submitRender(this.#client, this.#taskQueue, call));
  }

  /**
   * Starts the render, or finds it started, and does not wait for the project; needs no worker to be up.
   *
   * @throws as `submitOnce`, but EngineUnavailable when `deadlineMs` has passed: then call again
   */
  async start(key: string, movie: MovieInput, options: SubmitOptions = {}): Promise<Started> {
    const call = this.#prepare(key, movie, options);
    return this.#until(options, () => startRender(this.#client, this.#taskQueue, call));
  }

  /**
   * Waits for the video of a key that any call has submitted.
   *
   * @throws RenderFailed, RenderTimedOut, RenderCancelled, MovieRejected, BudgetExceeded, RenderAbandoned,
   *   IdempotencyKeyReused, KeyNotFound, EngineUnavailable; the signal's reason after an abort
   */
  async result(key: string, options: WaitOptions = {}): Promise<RenderedMovie> {
    assertKey(key);
    return this.#until(options, () => awaitResult(this.#client, key));
  }

  /**
   * Starts the render, or joins it, and waits for its video: past `deadlineMs` while the submission goes on by itself.
   * Throws as `submitOnce` and `result` do.
   */
  async render(key: string, movie: MovieInput, options: SubmitOptions = {}): Promise<RenderedMovie> {
    const call = this.#prepare(key, movie, options);
    return this.#until(options, () => renderVideo(this.#client, this.#taskQueue, call));
  }

  /**
   * Reads the status of a render from the engine alone: needs no worker and never waits.
   *
   * @throws KeyNotFound, KeyTaken, EngineUnavailable, EngineRefused; the signal's reason after an abort
   */
  async status(key: string, options: CallOptions = {}): Promise<RenderStatus> {
    assertKey(key);
    return askUntil(this.#client, key, options, (untilMs) => readStatus(this.#client, key, untilMs));
  }

  /** Reads the status with past events and next steps, in words for people. Throws as `status` does. */
  async story(key: string, options: CallOptions = {}): Promise<RenderStory> {
    assertKey(key);
    return askUntil(this.#client, key, options, (untilMs) => readStory(this.#client, key, untilMs));
  }

  /**
   * Yields the render's status now, and again whenever it has changed. Ends after the status of the closed render. Asks the
   * engine every second and needs no worker.
   *
   * @throws KeyNotFound, EngineUnavailable while it is read; the signal's reason after an abort
   * @example
   * for await (const { state, providerStatus } of renders.watch(key)) console.log(state, providerStatus);
   */
  watch(key: string, { signal }: WaitOptions = {}): AsyncIterable<RenderStatus> {
    assertKey(key);
    return watchRender(this.#client, key, signal);
  }

  /** Lists renders: open ones first, then closed ones, the last closed first. The engine's index may lag by a second. */
  list(filter: ListFilter = {}): AsyncIterable<ListedRender> {
    return listRenders(this.#client, filter);
  }

  /**
   * Asks a render to end. If the movie was not sent yet, nothing is sent and the key stays free. If it was accepted, the
   * outcome is `cancelled`, and the project goes on at the provider, which has no cancel. A closed render stays as it is.
   *
   * @throws KeyNotFound, KeyTaken, EngineUnavailable, EngineRefused; the signal's reason after an abort. After the last
   *   three the cancel may have arrived.
   */
  async cancel(key: string, options: CallOptions = {}): Promise<void> {
    assertKey(key);
    await askUntil(this.#client, key, options, (untilMs) => cancelRender(this.#client, key, untilMs));
  }

  /**
   * Carries out a person's decision about a submission of unknown fate (state `unknown` or `held`):
   * `{ adopt: project }`, `'resubmit'` or `'abandon'`. The same decision again gets the first one's answer.
   *
   * @throws DecisionRefused if nothing is in doubt, the project carries no mark of this key, or it is too early to send
   *   again; DecisionPending when `deadlineMs` (150 s) has passed; KeyNotFound, KeyTaken, NoWorker, EngineUnavailable,
   *   EngineRefused; the signal's reason after an abort, and then the decision may still take effect
   */
  async resolve(key: string, choice: DecisionChoice, terms: DecisionTerms): Promise<DecisionAnswer> {
    assertKey(key);
    const late = (): Error =>
      new DecisionPending('the deadline passed before the decision was carried out', { key });
    const { signal, deadlineMs } = terms;
    const limits = { signal, deadlineMs: deadlineMs === undefined ? undefined : deadlineMs + LAST_WORD_MS };
    return abortable(this.#client, limits, () => resolveSubmission(this.#client, key, choice, terms), late);
  }

  /**
   * Asks the provider once more about an ended render: its video may be there after all. The outcome does not change.
   * @throws ProviderUnavailable, NoWorker; the end of a render without a project; and as `status` does
   */
  async review(key: string, options: CallOptions = {}): Promise<Review> {
    assertKey(key);
    return askUntil(this.#client, key, options, (untilMs) => reviewRender(this.#client, key, untilMs));
  }

  /**
   * Waits until the video of a key is copied into the store of the workers (`RENDERONCE_KEEP`).
   *
   * @throws NotKept if no copy is made, or the video was lost; KeyNotFound, KeyTaken, EngineUnavailable; the signal's
   *   reason after an abort
   */
  async kept(key: string, { signal }: WaitOptions = {}): Promise<KeptCopy> {
    assertKey(key);
    return awaitKept(this.#client, key, this.#keep, signal);
  }

  /**
   * Waits as `kept` does, and returns a link to the copy: the lasting one, or one that works for `seconds` (1 hour).
   *
   * @throws as `kept`; ConfigInvalid if there is nothing that signs a link
   */
  async link(key: string, options: WaitOptions & { readonly seconds?: number } = {}): Promise<string> {
    return linkTo(await this.kept(key, options), this.#keep, options.seconds);
  }

  #until<T>({ signal }: WaitOptions, work: () => Promise<T>): Promise<T> {
    return abortable(this.#client, { signal }, work);
  }

  #prepare(key: string, movie: MovieInput, options: SubmitOptions): PreparedCall {
    const set = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
    return prepareCall(key, movie, { ...this.#defaults, ...set }, this.#assets);
  }
}

/**
 * For backends: starts renders and awaits them. Loads no worker and no native code.
 *
 * @module renderonce
 */
export { type MovieInput, Renders, type RendersOptions } from './starter.js';
export { openVideoStore } from './keep/open-store.js';
export { renderKey } from './render/key.js';
export { nextVersion } from './render/next-version.js';
export { httpStatusOf } from './render/http-status.js';
export { fingerprintOf } from './movie/fingerprint.js';
export { encryptingDataConverter } from './codec/index.js';

export type { CallOptions, WaitOptions } from './temporal/ask-engine.js';
export type { SubmitOptions } from './starter/prepare.js';
export type { RenderOptions, RenderOptionsInput } from './render/options.js';
export { checkMovie } from './movie/check.js';
export type { CheckOptions, MovieCheck } from './movie/check.js';
export type { MovieWarning } from './movie/warnings.js';
export { quoteMovie } from './movie/quote.js';
export type { Quote, QuotePart } from './movie/quote.js';
export type { AssetRule, MovieFault } from './movie/asset-urls.js';

export type { Submitted } from './starter/submit.js';
export type { Started } from './starter/start.js';
export type { Outcome, RenderedMovie, UnfinishedOutcome } from './render/outcome.js';
export type { KeptVideo } from './render/kept.js';
export type { KeptCopy } from './starter/kept.js';
export type { ByteRange, NewFile, VideoStore } from './keep/video-store.js';
export type { VideoStoreSettings } from './keep/open-store.js';
export type { Review } from './starter/review.js';
export type { Video } from './render/reading.js';
export type { RenderStatus, RenderStory } from './starter/status.js';
export type { RenderState } from './render/state.js';
export type { PossibleDecision } from './starter/possible-decisions.js';
export type { StoryLine } from './starter/story.js';
export type { ListedRender, ListFilter } from './starter/list.js';
export type { DecisionChoice, DecisionTerms } from './starter/resolve.js';
export type { Decision, DecisionAnswer } from './render/decision.js';

export type { Json, JsonObject } from './text/json.js';
export type { MovieElement, SceneElement } from './movie/element.js';
export type { Destination, Export, Movie, Scene } from './movie/typed-movie.js';

export {
  DecisionPending,
  DecisionRefused,
  EngineNotSetUp,
  EngineRefused,
  EngineUnavailable,
  IdempotencyKeyReused,
  KeyInvalid,
  KeyNotFound,
  KeyTaken,
  MovieInvalid,
  BudgetExceeded,
  MovieRejected,
  NotKept,
  NoWorker,
  OptionsInvalid,
  PayloadUnreadable,
  ProviderUnavailable,
  RenderAbandoned,
  RenderCancelled,
  RenderFailed,
  RenderonceError,
  RenderTimedOut,
  SubmissionPending,
  UnfinishedRender,
  WorkerNotInstalled,
} from './render/errors.js';

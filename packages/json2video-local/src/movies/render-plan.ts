import type { JsonObject } from '../json.js';
import { objectsOf } from '../json.js';
import type { MovieFailure } from '../submission/element-checks.js';
import { elementFailure } from '../submission/element-checks.js';
import { sceneFingerprint } from '../submission/fingerprint.js';
import type { FrameSize } from '../submission/frame-size.js';
import { frameSizeOf } from '../submission/frame-size.js';
import type { AssetSeconds } from '../submission/lengths.js';
import { movieSeconds, sceneSeconds } from '../submission/lengths.js';
import type { Switches } from '../switches.js';
import { generatedAssets } from './assets.js';

/** The render of a movie, as the movie alone decides it. */
export interface RenderPlan extends FrameSize {
  readonly durationSeconds: number;
  /** The reason why the render will fail; undefined if it will not. */
  readonly failure: MovieFailure | undefined;
  /** From acceptance to the end, seconds of the server's clock. */
  readonly renderSeconds: number;
  readonly assets: readonly ReturnType<typeof generatedAssets>[number][];
  /** Fingerprints of the scenes, which later movies can reuse. */
  readonly scenes: readonly string[];
  /** True for an empty movie that is rendered all the same. */
  readonly isBlack: boolean;
}

interface PlanContext {
  readonly switches: Switches;
  /** Overrides the duration that the movie implies, seconds. */
  readonly renderSeconds: number | undefined;
  readonly assetSeconds: AssetSeconds;
  /** True if a scene was rendered before. */
  readonly isCachedScene: (fingerprint: string) => boolean;
}

/** The longest video written, seconds. A longer movie is reported as this long. */
const MAX_DURATION_SECONDS = 24 * 3_600;

/** A movie must last this long, seconds: the error catalogue says "shorter than a second". */
const MIN_DURATION_SECONDS = 1;

/** Length of a movie without elements that is rendered all the same, seconds. */
const EMPTY_SECONDS = 5;
/** Orchestration and stitching: a 2 s clip takes about 8 s, a 30 s one about 20. */
const OVERHEAD_SECONDS = 4;
/** Scenes are rendered side by side: the longest counts, the others only for their stitching. */
const SECONDS_PER_LONGEST_SECOND = 0.5;
const SECONDS_PER_STITCHED_SECOND = 0.1;
/** A broken document fails "instantly"; a missing source fails after the provider has asked for it. */
const FAILING_SECONDS = { document: 2, render: OVERHEAD_SECONDS } as const;
/** `low` is about three times faster. */
const QUALITY_FACTOR: Readonly<Record<string, number>> = { low: 1 / 3, medium: 2 / 3 };

/** Plans the render of a movie whose variables are filled in. */
export function planRender(movie: JsonObject, context: PlanContext): RenderPlan {
  const { switches } = context;
  const length = Math.min(MAX_DURATION_SECONDS, movieSeconds(movie, context.assetSeconds));
  const isBlack = length === 0 && switches.emptyMovie === 'clip';
  const durationSeconds = isBlack ? EMPTY_SECONDS : length;
  const failure = elementFailure(movie, switches) ?? shortFailure(durationSeconds);
  const seconds =
    failure === undefined ? renderSeconds(movie, length, context) : FAILING_SECONDS[failure.stage];
  return {
    ...frameSizeOf(movie, switches),
    durationSeconds,
    failure,
    isBlack,
    renderSeconds: context.renderSeconds ?? seconds,
    assets: failure?.stage === 'document' ? [] : generatedAssets(movie, switches),
    scenes: objectsOf(movie['scenes']).map((scene) => sceneFingerprint(movie, scene)),
  };
}

function shortFailure(durationSeconds: number): MovieFailure | undefined {
  if (durationSeconds >= MIN_DURATION_SECONDS) return undefined;
  return { message: 'Movie duration cannot be zero', stage: 'document' };
}

function renderSeconds(
  movie: JsonObject,
  wholeSeconds: number,
  { isCachedScene, assetSeconds }: PlanContext,
): number {
  const factor = QUALITY_FACTOR[String(movie['quality'])] ?? 1;
  const isCached = (scene: JsonObject): boolean =>
    movie['cache'] !== false && scene['cache'] !== false && isCachedScene(sceneFingerprint(movie, scene));
  const scenes = objectsOf(movie['scenes']);
  // Not `Math.max(...numbers)`: a movie may have more scenes than a call may have arguments.
  const longestScene = scenes
    .filter((scene) => !isCached(scene))
    .reduce((most, scene) => Math.max(most, sceneSeconds(scene, assetSeconds)), 0);
  const longest = scenes.length > 0 ? longestScene : wholeSeconds;
  const stitched = Math.max(0, wholeSeconds - longest);
  const work = longest * SECONDS_PER_LONGEST_SECOND + stitched * SECONDS_PER_STITCHED_SECOND;
  return OVERHEAD_SECONDS + work * factor;
}

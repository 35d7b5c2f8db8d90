import type { JsonObject } from '../json.js';
import { objectsOf, positiveOf } from '../json.js';
import type { Switches } from '../switches.js';
import type { MovieFailure } from '../submission/element-checks.js';
import { elementFailure } from '../submission/element-checks.js';
import { sceneFingerprint } from '../submission/fingerprint.js';
import type { FrameSize } from '../submission/frame-size.js';
import { frameSizeOf } from '../submission/frame-size.js';
import type { GeneratedAsset } from './assets.js';
import { generatedAssets } from './assets.js';

/** What rendering a movie will come to; known from the movie alone. */
export interface RenderPlan extends FrameSize {
  readonly durationSeconds: number;
  /** Why the render will fail; undefined: it will not. */
  readonly failure: MovieFailure | undefined;
  /** From acceptance to the end, seconds of the fake's clock. */
  readonly renderSeconds: number;
  readonly assets: readonly GeneratedAsset[];
  /** Fingerprints of the scenes, to be reused by later movies. */
  readonly scenes: readonly string[];
  /** A movie without anything in it, that is to be rendered all the same. */
  readonly isBlack: boolean;
}

interface PlanContext {
  readonly switches: Switches;
  /** Overrides what the movie implies, seconds. */
  readonly renderSeconds: number | undefined;
  /** Has a scene been rendered before? */
  readonly isCachedScene: (fingerprint: string) => boolean;
}

/** The longest video written, seconds. A longer movie is reported as this long. */
const MAX_DURATION_SECONDS = 24 * 3_600;

const DEFAULT_SCENE_SECONDS = 5;
/** Orchestration and stitching: a 2 s clip takes about 8 s, a 30 s one about 20. */
const OVERHEAD_SECONDS = 4;
/** Scenes are rendered side by side: the longest counts, the others only for their stitching. */
const SECONDS_PER_LONGEST_SECOND = 0.5;
const SECONDS_PER_STITCHED_SECOND = 0.1;
/** A broken document fails "instantly"; a source that is not there after it has been asked for. */
const FAILING_SECONDS = { document: 2, render: OVERHEAD_SECONDS } as const;
/** `low` is about three times faster. */
const QUALITY_FACTOR: Readonly<Record<string, number>> = { low: 1 / 3, medium: 2 / 3 };

export function planRender(movie: JsonObject, context: PlanContext): RenderPlan {
  const { switches } = context;
  const length = durationOf(movie);
  const isBlack = length === 0 && switches.emptyMovie === 'clip';
  const durationSeconds = isBlack ? DEFAULT_SCENE_SECONDS : length;
  const failure = elementFailure(movie) ?? emptyFailure(durationSeconds);
  const seconds = failure === undefined ? renderSeconds(movie, context) : FAILING_SECONDS[failure.stage];
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

function emptyFailure(durationSeconds: number): MovieFailure | undefined {
  if (durationSeconds > 0) return undefined;
  return { message: 'Movie duration cannot be zero', stage: 'document' };
}

function renderSeconds(movie: JsonObject, { isCachedScene }: PlanContext): number {
  const factor = QUALITY_FACTOR[String(movie['quality'])] ?? 1;
  const isCached = (scene: JsonObject): boolean =>
    movie['cache'] !== false && scene['cache'] !== false && isCachedScene(sceneFingerprint(movie, scene));
  const scenes = objectsOf(movie['scenes']);
  const rendered = scenes.filter((scene) => !isCached(scene)).map(sceneSeconds);
  const longest = scenes.length > 0 ? maxOf(rendered) : durationOf(movie);
  const stitched = Math.max(0, durationOf(movie) - longest);
  const work = longest * SECONDS_PER_LONGEST_SECOND + stitched * SECONDS_PER_STITCHED_SECOND;
  return OVERHEAD_SECONDS + work * factor;
}

function durationOf(movie: JsonObject): number {
  const scenes = objectsOf(movie['scenes']);
  const seconds =
    scenes.length > 0
      ? scenes.reduce((sum, scene) => sum + sceneSeconds(scene), 0)
      : elementsSeconds(movie['elements']);
  return Math.min(MAX_DURATION_SECONDS, Math.round(seconds * 1000) / 1000);
}

function sceneSeconds(scene: JsonObject): number {
  return positiveOf(scene['duration']) ?? elementsSeconds(scene['elements']);
}

/** Nothing lasts no time; an element of unknown length counts as one default scene. */
function elementsSeconds(elements: unknown): number {
  const ends = objectsOf(elements).map((element) => {
    const duration = positiveOf(element['duration']);
    if (duration === undefined) return 0;
    return duration + (positiveOf(element['start']) ?? 0) + (positiveOf(element['extra-time']) ?? 0);
  });
  if (ends.length === 0) return 0;
  const longest = maxOf(ends);
  return longest > 0 ? longest : DEFAULT_SCENE_SECONDS;
}

/** Not `Math.max(...numbers)`: a movie may have more elements than a call may have arguments. */
const maxOf = (numbers: readonly number[]): number => numbers.reduce((most, one) => Math.max(most, one), 0);

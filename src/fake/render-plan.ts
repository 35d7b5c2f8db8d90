import { elementFault } from './element-checks.js';
import type { JsonObject } from './json.js';
import { objectsOf, positiveOf } from './json.js';
import { MAX_DURATION_SECONDS, MAX_SIDE_PIXELS, MIN_SIDE_PIXELS } from './limits.js';

/** What rendering a movie will come to; known from the movie alone. */
export interface RenderPlan {
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  /** Why the render will fail, in the provider's words; undefined: it will not. */
  readonly failure: string | undefined;
  /** From acceptance to the end, seconds of the fake's clock. */
  readonly renderSeconds: number;
}

const DEFAULT_SCENE_SECONDS = 5;
/** Orchestration and stitching: a 2 s clip takes about 8 s, a 30 s one about 20. */
const OVERHEAD_SECONDS = 4;
/** A broken movie fails "instantly". */
const FAILING_SECONDS = 2;

const PRESETS: Readonly<Record<string, readonly [number, number]>> = {
  sd: [640, 360],
  hd: [1280, 720],
  'full-hd': [1920, 1080],
  squared: [1080, 1080],
  'instagram-feed': [1080, 1080],
  'instagram-story': [1080, 1920],
  'twitter-landscape': [1600, 900],
  'twitter-portrait': [1080, 1350],
};

export function planRender(movie: JsonObject, renderSeconds: number | undefined): RenderPlan {
  const durationSeconds = durationOf(movie);
  const failure =
    elementFault(movie) ?? (durationSeconds === 0 ? 'Movie duration cannot be zero' : undefined);
  const derived = failure === undefined ? OVERHEAD_SECONDS + durationSeconds / 2 : FAILING_SECONDS;
  return { durationSeconds, ...sizeOf(movie), failure, renderSeconds: renderSeconds ?? derived };
}

function sizeOf(movie: JsonObject): { width: number; height: number } {
  const preset = PRESETS[String(movie['resolution'])];
  if (preset !== undefined) return { width: preset[0], height: preset[1] };
  return { width: side(movie['width'], 640), height: side(movie['height'], 360) };
}

/** H.264 in 4:2:0 has no odd sides. */
function side(value: unknown, otherwise: number): number {
  const wanted = Math.floor((positiveOf(value) ?? otherwise) / 2) * 2;
  return Math.min(MAX_SIDE_PIXELS, Math.max(MIN_SIDE_PIXELS, wanted));
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
  const longest = Math.max(...ends);
  return longest > 0 ? longest : DEFAULT_SCENE_SECONDS;
}

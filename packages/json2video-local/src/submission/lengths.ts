import type { JsonObject } from '../json.js';
import { objectsOf, positiveOf, textOf } from '../json.js';
import { numberIn } from './field-types.js';

/** Seconds of assets by URL; the server downloads nothing. */
export type AssetSeconds = Readonly<Record<string, number>>;

/** Length of a text's or a component's animation, and of media without a known length; seconds. */
const DEFAULT_SECONDS = 5;
/** Characters that a voice speaks in a second, roughly. */
const CHARS_PER_SECOND = 15;
/** Overlap of a transition that names no duration, seconds. */
const TRANSITION_SECONDS = 1;

/** Elements that last as long as their container unless they say otherwise. */
const FILLS_CONTAINER = ['text', 'html', 'component', 'subtitles', 'audiogram'];

/** Time of an element in its container, seconds. */
interface Timing {
  readonly start: number;
  /** Undefined if it lasts as long as its container. */
  readonly duration: number | undefined;
  readonly extra: number;
}

/** Returns the time of an element; `-1` stands for the length of its asset, `-2` for that of its container. */
export function timingOf(element: JsonObject, assets: AssetSeconds): Timing {
  const start = Math.max(0, positiveOf(element['start']) ?? 0);
  const extra = positiveOf(element['extra-time']) ?? 0;
  return { start, extra, duration: positiveOf(element['duration']) ?? assetSeconds(element, assets) };
}

/** Returns the speech of a voice element in seconds. */
export function voiceSeconds(element: JsonObject): number {
  return Math.max(1, Math.round(((textOf(element['text']) ?? '').length / CHARS_PER_SECOND) * 10) / 10);
}

function assetSeconds(element: JsonObject, assets: AssetSeconds): number | undefined {
  const type = element['type'];
  if (element['duration'] === -2) return undefined;
  if (type === 'voice') return voiceSeconds(element);
  if (type !== 'video' && type !== 'audio') {
    return (element['duration'] === -1 || element['duration'] === 'auto') &&
      type !== 'image' &&
      type !== 'subtitles'
      ? DEFAULT_SECONDS
      : undefined;
  }
  const loop = element['loop'];
  if (loop === -1) return undefined;
  const whole = assets[textOf(element['src']) ?? ''] ?? generatedSeconds(element);
  const seek = typeof element['seek'] === 'number' ? element['seek'] : 0;
  // A negative `seek` counts from the end.
  const played = seek < 0 ? Math.min(whole, -seek) : Math.max(0, whole - seek);
  return played * (positiveOf(loop) ?? 1);
}

/** Returns the length of a generated video, as its settings ask for it. */
export function generatedSeconds(element: JsonObject): number {
  const settings = element['model-settings'];
  const wanted = typeof settings === 'object' && settings !== null ? Object.entries(settings) : [];
  const [, seconds] = wanted.find(([name]) => name === 'duration') ?? [];
  return positiveOf(Number(seconds)) ?? DEFAULT_SECONDS;
}

/** Returns the length of a scene in seconds; 0 if none of its parts has one. */
export function sceneSeconds(scene: JsonObject, assets: AssetSeconds): number {
  return positiveOf(scene['duration']) ?? elementsSeconds(scene['elements'], assets);
}

/**
 * Returns the length of a movie in seconds: that of its scenes in sequence or of its own elements, whichever is longer.
 * A transition overlaps its scene with the one before.
 */
export function movieSeconds(movie: JsonObject, assets: AssetSeconds): number {
  const scenes = objectsOf(movie['scenes']);
  const inSequence = scenes.reduce((sum, scene, index) => {
    const seconds = sceneSeconds(scene, assets);
    return sum + Math.max(0, seconds - (index === 0 ? 0 : Math.min(seconds, overlapOf(scene))));
  }, 0);
  const own = elementsSeconds(movie['elements'], assets, scenes.length > 0);
  return Math.round(Math.max(inSequence, own) * 1000) / 1000;
}

function overlapOf(scene: JsonObject): number {
  const transition = scene['transition'];
  if (typeof transition !== 'object' || transition === null) return 0;
  const [, seconds] = Object.entries(transition).find(([name]) => name === 'duration') ?? [];
  return seconds === undefined ? TRANSITION_SECONDS : (positiveOf(numberIn(seconds)) ?? 0);
}

/** @param isBeside true for overlays of scenes: without a length of their own they last as long as those */
function elementsSeconds(elements: unknown, assets: AssetSeconds, isBeside = false): number {
  const all = objectsOf(elements);
  const longest = all.reduce((most, element) => {
    const { start, duration, extra } = timingOf(element, assets);
    return duration === undefined ? most : Math.max(most, start + duration + extra);
  }, 0);
  if (longest > 0 || isBeside) return longest;
  // A text alone is shown for the time of its animation; an image alone has no length.
  return all.some(({ type, duration }) => duration !== -2 && isAnimated(type)) ? DEFAULT_SECONDS : 0;
}

const isAnimated = (type: unknown): boolean =>
  typeof type === 'string' && FILLS_CONTAINER.includes(type) && type !== 'subtitles' && type !== 'audiogram';

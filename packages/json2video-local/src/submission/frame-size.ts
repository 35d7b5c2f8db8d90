import type { JsonObject } from '../json.js';
import { positiveOf } from '../json.js';
import type { Switches } from '../switches.js';

/** Pixels per side that the provider renders. */
export const MIN_SIDE_PIXELS = 50;
export const MAX_SIDE_PIXELS = 3840;

/** Width and height of a video, pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Width and height of the presets, as the official node labels them. */
export const PRESETS: Readonly<Record<string, readonly [number, number]>> = {
  sd: [640, 360],
  hd: [1280, 720],
  'full-hd': [1920, 1080],
  squared: [1080, 1080],
  'instagram-story': [1080, 1920],
  'instagram-feed': [1080, 1080],
  'twitter-landscape': [1600, 900],
  'twitter-portrait': [1080, 1350],
};

/** Returns the size of the video; `width` and `height` count only without a preset. */
export function frameSizeOf(movie: JsonObject, switches: Switches): FrameSize {
  const resolution = movie['resolution'];
  if (resolution === 'sd' && switches.sdSize === '640x480') return { width: 640, height: 480 };
  const preset = typeof resolution === 'string' ? PRESETS[resolution] : undefined;
  if (preset !== undefined) return { width: preset[0], height: preset[1] };
  return { width: side(movie['width'], 640), height: side(movie['height'], 360) };
}

/** Returns an even side: H.264 in 4:2:0 has no odd ones. */
function side(value: unknown, otherwise: number): number {
  return Math.max(MIN_SIDE_PIXELS, Math.floor((positiveOf(value) ?? otherwise) / 2) * 2);
}

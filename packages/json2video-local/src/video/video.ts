import { colourOf } from './colour.js';
import { h264 } from './h264.js';
import { mp4 } from './mp4.js';

/** Pictures in one file: beyond that each lasts longer, so that a file stays below a few hundred KB. */
const MAX_PICTURES = 3_600;

/** Video lengths remembered, so that a submission need not draw a picture to know its size in bytes. */
const MAX_KNOWN_SIZES = 1_000;

interface VideoRequest {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
  /** Selects the colour: the same seed gives the same bytes, another seed another picture of the same length. */
  readonly seed: string;
  /** True for black. */
  readonly isBlack?: boolean;
}

/** Makes a playable MP4: one flat picture for the whole time, about one byte per 16x16 pixels. */
export function flatVideo(request: VideoRequest): Buffer {
  const { width, height } = request;
  const durationMs = Math.max(1, Math.round(request.durationSeconds * 1000));
  const pictureMs = 1000 * Math.ceil(durationMs / 1000 / MAX_PICTURES);
  const colour = colourOf(request);
  const repeats = Math.ceil(durationMs / pictureMs) - 1;
  return mp4({ width, height, durationMs, pictureMs, ...h264({ width, height, colour }, repeats) });
}

const known = new Map<string, number>();

/** Returns the bytes of a video; its size depends on neither colour nor name. Drawing one takes milliseconds. */
export function videoSize({ width, height, durationSeconds }: Omit<VideoRequest, 'seed'>): number {
  const shape = `${width}x${height} ${durationSeconds}`;
  const before = known.get(shape);
  if (before !== undefined) return before;
  const sizeBytes = flatVideo({ width, height, durationSeconds, seed: '' }).length;
  const [oldest] = known.keys();
  if (known.size >= MAX_KNOWN_SIZES && oldest !== undefined) known.delete(oldest);
  known.set(shape, sizeBytes);
  return sizeBytes;
}

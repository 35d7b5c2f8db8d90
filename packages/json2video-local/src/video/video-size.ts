import { MAX_KNOWN_VIDEO_SIZES } from '../limits.js';
import { flatVideo } from './video.js';

/** What decides about the length of a video: neither its colour nor its name does. */
interface VideoShape {
  readonly width: number;
  readonly height: number;
  readonly durationSeconds: number;
}

const known = new Map<string, number>();

/** Bytes of the video that such a movie comes to. Remembered: drawing one takes milliseconds. */
export function videoSize({ width, height, durationSeconds }: VideoShape): number {
  const shape = `${width}x${height} ${durationSeconds}`;
  const before = known.get(shape);
  if (before !== undefined) return before;
  const sizeBytes = flatVideo({ width, height, durationSeconds, seed: '' }).length;
  const [oldest] = known.keys();
  if (known.size >= MAX_KNOWN_VIDEO_SIZES && oldest !== undefined) known.delete(oldest);
  known.set(shape, sizeBytes);
  return sizeBytes;
}

import { createHash } from 'node:crypto';

/** Luma and the two chroma values of a picture, limited range. */
type Colour = readonly [number, number, number];

const BLACK: Colour = [16, 128, 128];

/** Returns black, or the colour of a seed; never a value that needs escaping in the video stream. */
export function colourOf({ seed, isBlack = false }: { seed: string; isBlack?: boolean }): Colour {
  if (isBlack) return BLACK;
  const digest = createHash('sha256').update(seed).digest();
  const channel = (index: number): number => 64 + ((digest[index] ?? 0) % 128);
  return [channel(0), channel(1), channel(2)];
}

/** Converts to red, green and blue, 0 to 255 (ITU-R BT.601). */
export function rgbOf([luma, blue, red]: Colour): [number, number, number] {
  const y = 1.164 * (luma - 16);
  const [u, v] = [blue - 128, red - 128];
  return [byte(y + 1.596 * v), byte(y - 0.392 * u - 0.813 * v), byte(y + 2.017 * u)];
}

const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));

const KILOBYTE = 1_000;

/** The movies that are measured, by name, with the bytes of their JSON. */
export const MOVIE_SIZES = {
  '2 KB': 2 * KILOBYTE,
  '100 KB': 100 * KILOBYTE,
  '1.4 MB': 1_400 * KILOBYTE,
} as const;

const scene = (text: string): object => ({
  duration: 5,
  elements: [{ type: 'text', text, style: '001' }],
});

/** A movie of so many bytes of JSON: one scene with a long comment, which the provider ignores. */
export function movieOf(sizeBytes: number): object {
  const movie = { resolution: 'full-hd', scenes: [scene('Hello')], comment: '' };
  return { ...movie, comment: 'x'.repeat(Math.max(0, sizeBytes - JSON.stringify(movie).length)) };
}

/** The smallest movie that renders, of most workloads. */
export const CARD = { resolution: 'full-hd', scenes: [scene('Hello')] };

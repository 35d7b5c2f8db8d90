import type { MovieReply } from './movie-reply.js';

/**
 * Credits that a movie cost as far as its duration tells: one per started second of output (API page, section 7, read
 * November 2026), nothing where the render failed. Not in it: generated assets, a higher price that some pages give for
 * 4K, a lower one for cached videos. Nothing where it has not ended yet.
 */
export function creditsOf({ status, duration }: Pick<MovieReply, 'status' | 'duration'>): number | undefined {
  if (status === 'error') return 0;
  return status === 'done' && duration !== null ? Math.ceil(duration) : undefined;
}

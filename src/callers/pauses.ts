import type { RenderState } from '../render/state.js';

/** First pause of a wait. */
const SHORTEST_MS = 2_000;

/** A pause is this part of the time waited so far, so that the answer is late by a fifth of the wait at most. */
const SHARE = 5;

/** Longest pause while the provider renders. */
const RENDERING_MS = 60_000;

/** Longest pause while credits, a person or a worker is awaited. */
const LONGEST_MS = 300_000;

/** Returns the pause before a waiting activity asks again: short at first, then longer. */
export function pauseMs(state: RenderState, waitedMs: number): number {
  const longest = state === 'rendering' ? RENDERING_MS : LONGEST_MS;
  return Math.min(Math.max(waitedMs / SHARE, SHORTEST_MS), longest);
}

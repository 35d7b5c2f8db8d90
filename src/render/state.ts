/** States of a render in search attribute `RenderState`, in the order in which a render enters them. */
export const RENDER_STATES = [
  'submitting',
  'waiting',
  'unknown',
  'held',
  'rendering',
  'done',
  'failed',
  'timed-out',
  'cancelled',
  'rejected',
  'abandoned',
] as const;

/** State of a render, as search attribute `RenderState` shows it. */
export type RenderState = (typeof RENDER_STATES)[number];

/** True if a value is the name of a state. */
export function isRenderState(value: unknown): value is RenderState {
  return RENDER_STATES.some((state) => state === value);
}

/** Meanings of the states, for a person who sees one for the first time, at night. */
export const STATE_MEANINGS: Readonly<Record<RenderState, string>> = {
  submitting: 'The movie is about to be sent, or on its way to the provider.',
  waiting:
    'The provider has not accepted the movie yet. It is sent again until the provider does. Nothing was spent.',
  unknown:
    'The movie may have been accepted; no clear reply came. Nothing is sent again before that is settled.',
  held: 'The movie may have been accepted, and no look found it. Nothing is sent until a person decides.',
  rendering: 'The provider accepted the movie once; its render has not ended yet.',
  done: 'The video is there.',
  failed: 'The provider accepted the movie, but its render failed. The key is spent.',
  'timed-out': 'The provider accepted the movie, but its render did not end in time. The key is spent.',
  cancelled: 'The render was cancelled.',
  rejected: 'The provider did not accept the movie. Nothing was spent.',
  abandoned:
    'The key was given up while the movie may have been accepted. A call with restart starts it again.',
};

/** The states that a render shows in search attribute `RenderState`, in the order in which a render meets them. */
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

/** Where a render stands, as the engine shows it in `RenderState`. */
export type RenderState = (typeof RENDER_STATES)[number];

export function isRenderState(value: unknown): value is RenderState {
  return RENDER_STATES.some((state) => state === value);
}

/** What each state means, for a person who sees it for the first time, at night. */
export const STATE_MEANINGS: Readonly<Record<RenderState, string>> = {
  submitting: 'The movie is about to be sent, or is on its way to the provider.',
  waiting:
    'The provider did not take the movie yet; it is sent again until it is taken, and nothing was spent.',
  unknown:
    'The movie may have been accepted, and nobody knows yet: nothing is sent again before that is settled.',
  held: 'It could not be found out whether the movie was accepted: nothing is sent until a person decides.',
  rendering: 'The movie was accepted, once; the end of its render is awaited.',
  done: 'The video is there.',
  failed: 'The movie was accepted, and its render failed; the key is spent.',
  'timed-out': 'The movie was accepted, and its render did not end in time; the key is spent.',
  cancelled: 'The render was cancelled.',
  rejected: 'The provider did not take the movie; nothing was spent.',
  abandoned:
    'The key was given up while the movie may have been accepted; a call with restart starts it again.',
};

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

/** What a person is told about a render at this moment. */
export interface RenderView {
  readonly state: RenderState;
  readonly project?: string;
  /** Submissions made so far. */
  readonly attempts: number;
  /** What happened last, or why the render is where it is. */
  readonly message?: string;
  /** What the render waits for, and until when. */
  readonly awaited?: string;
  readonly videoUrl?: string;
  /** The last decision of a person, in words. */
  readonly decided?: string;
}

/** The view as Markdown for the UI's current details. Short, because the UI passes it through a URL. */
export function detailsOf(view: RenderView): string {
  const lines = [
    `**${view.state}**${view.project === undefined ? '' : `, project ${escapeMarkdown(view.project)}`}`,
    view.message === undefined ? '' : escapeMarkdown(view.message),
    view.decided === undefined ? '' : `Decision: ${escapeMarkdown(view.decided)}`,
    view.awaited === undefined ? '' : `Awaited: ${escapeMarkdown(view.awaited)}`,
    view.attempts === 0 ? '' : `Submissions: ${view.attempts}`,
    view.videoUrl === undefined ? '' : linkTo(view.videoUrl),
  ];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** A link to a URL that came from outside, or nothing where it is none. */
function linkTo(url: string): string {
  if (!URL.canParse(url)) return '';
  const target = new URL(url).href.replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'));
  return `[Open the video](${target})`;
}

/** Text from the provider is shown as text: it may not become a link, an image or a heading in an operator's UI. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|!]/g, (character) => `\\${character}`);
}

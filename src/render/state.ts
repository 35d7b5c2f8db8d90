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

export type RenderState = (typeof RENDER_STATES)[number];

export function isRenderState(value: unknown): value is RenderState {
  return RENDER_STATES.some((state) => state === value);
}

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

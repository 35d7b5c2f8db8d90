import { shellWord } from '../text/shell-word.js';
import type { Keeping } from './kept.js';
import { STATE_MEANINGS, type RenderState } from './state.js';

/** Facts about a render at this moment, for people. */
export interface RenderView {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  /** Number of submissions so far. */
  readonly attempts: number;
  /** The last event, or the reason for the state. */
  readonly message?: string;
  /** The event that the render waits for, and the latest time of it. */
  readonly awaited?: string;
  readonly videoUrl?: string;
  /** The last decision of a person, in words. */
  readonly decided?: string;
  /** Something about the movie as it was sent. */
  readonly remark?: string;
  /** What follows the end. */
  readonly followed?: string;
}

/** What a workflow that follows a render has done so far, for people. */
interface FollowView {
  readonly copy: Keeping;
  /** Events with their receivers, and what has become of each. */
  readonly events: readonly { readonly name: string; readonly state: string; readonly isLost: boolean }[];
}

/**
 * States without a video. The UI has no colour in details, and its own status of a render that failed is `Completed`, in
 * green, since the key is spent.
 */
const RED: readonly RenderState[] = ['failed', 'timed-out', 'rejected', 'abandoned'];

/** Formats the view as Markdown for the UI's current details. Short, because the UI passes it through a URL. */
export function detailsOf(view: RenderView): string {
  const { key, state, project, message, decided, remark, awaited, followed, attempts, videoUrl } = view;
  const paragraphs = [
    `${RED.includes(state) ? '🔴 ' : ''}**${state}**${project === undefined ? '' : `, project ${escapeMarkdown(project)}`}`,
    STATE_MEANINGS[state],
    videoUrl === undefined ? '' : linkTo(videoUrl),
    labelled('What happened', message),
    labelled('Decision', decided),
    labelled('Note', remark),
    labelled('What comes next', awaited),
    labelled('What follows', followed),
    whatToDo(state, key),
    attempts === 0 ? '' : `**Submissions:** ${attempts}`,
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

/** Formats what follows a render as Markdown for the current details of the workflow that does it. */
export function followDetailsOf({ copy, events }: FollowView): string {
  const copies: Readonly<Record<Keeping['state'], string>> = {
    none: '',
    keeping: 'under way',
    kept: copy.state === 'kept' ? `${copy.kept.store}, ${copy.kept.sizeBytes} bytes` : '',
    lost: copy.state === 'lost' ? `lost: ${copy.message}` : '',
  };
  const lines = events.map(({ name, state, isLost }) => `${isLost ? '🔴 ' : ''}${labelled(name, state)}`);
  const copied = labelled('Copy of the video', copies[copy.state]);
  return [`${copy.state === 'lost' ? '🔴 ' : ''}${copied}`, ...lines]
    .filter((each) => each !== '')
    .join('\n\n');
}

function labelled(label: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : `**${escapeMarkdown(label)}:** ${escapeMarkdown(text)}`;
}

/** Returns the next step of a person, with the command for it; empty if there is none. */
function whatToDo(state: RenderState, key: string): string {
  const command = (name: string, rest = ''): string =>
    code(`renderonce ${name} ${shellWord(key)}${rest === '' ? '' : ` ${rest}`}`);
  const steps: Partial<Record<RenderState, string>> = {
    unknown: `nothing; the workflow settles it, and ${command('status')} shows the story`,
    held: `read the story with ${command('status')}, look for the movie in the provider's dashboard, then decide with ${command('resolve', '--adopt PROJECT --why REASON')}, or \`--resubmit\` or \`--abandon\` in place of \`--adopt PROJECT\``,
    failed: 'correct the movie and render it under a new key',
    'timed-out': `ask the provider once more with ${command('review')}, as its video may be there by now; another render needs a new key, and is paid again`,
    rejected: 'correct the movie, or the account, and call again with the same key',
  };
  const step = steps[state];
  return step === undefined ? '' : `**What to do:** ${step}`;
}

/**
 * Formats a command as code, between more backticks in a row than a key in it has. In plain text the UI would turn the
 * quotes into typographic ones, which no shell understands.
 */
function code(text: string): string {
  const runs = (text.match(/`+/g) ?? []).map((run) => run.length);
  if (runs.length === 0) return `\`${text}\``;
  const fence = '`'.repeat(Math.max(...runs) + 1);
  return `${fence} ${text} ${fence}`;
}

/** Returns a link to a URL from outside; empty if it is no URL. */
function linkTo(url: string): string {
  if (!URL.canParse(url)) return '';
  const target = new URL(url).href.replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'));
  return `[Open the video](${target})`;
}

/**
 * Escapes Markdown, so that text from the provider cannot become a link, an image or a heading in an operator's UI. Escapes
 * a colon after a letter too, because the UI makes links of bare addresses (measured, UI 2.54).
 */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|!~&]|(?<=[a-z]):/gi, (character) => `\\${character}`);
}

import { shellWord } from '../text/shell-word.js';
import { STATE_MEANINGS, type RenderState } from './state.js';

/** What a person is told about a render at this moment. */
export interface RenderView {
  readonly key: string;
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
  const { key, state, project, message, decided, awaited, attempts, videoUrl } = view;
  const paragraphs = [
    `**${state}**${project === undefined ? '' : `, project ${escapeMarkdown(project)}`}`,
    STATE_MEANINGS[state],
    videoUrl === undefined ? '' : linkTo(videoUrl),
    told('What happened', message),
    told('Decision', decided),
    told('What comes next', awaited),
    whatToDo(state, key),
    attempts === 0 ? '' : `**Submissions:** ${attempts}`,
  ];
  return paragraphs.filter((paragraph) => paragraph !== '').join('\n\n');
}

function told(label: string, text: string | undefined): string {
  return text === undefined ? '' : `**${label}:** ${escapeMarkdown(text)}`;
}

/** The next step of a person, where there is one, with the command for it. */
function whatToDo(state: RenderState, key: string): string {
  const command = (name: string, rest = ''): string =>
    code(`renderonce ${name} ${shellWord(key)}${rest === '' ? '' : ` ${rest}`}`);
  const steps: Partial<Record<RenderState, string>> = {
    unknown: `nothing, it is settled without you; ${command('status')} tells the story`,
    held: `read the story with ${command('status')}, look for the movie in the provider's dashboard, then decide with ${command('resolve', '--adopt PROJECT --why REASON')}, or \`--resubmit\` or \`--abandon\` in place of \`--adopt PROJECT\``,
    failed: 'correct the movie and render it under a new key',
    'timed-out':
      "look for the project in the provider's dashboard; another render needs a new key, and is paid again",
    rejected: 'correct the movie, or the account, and call again with the same key',
  };
  const step = steps[state];
  return step === undefined ? '' : `**What to do:** ${step}`;
}

/**
 * A command as code, between more backticks in a row than a key in it has. Never as text, in which the UI makes quotes
 * round, so that a shell would not know them.
 */
function code(text: string): string {
  const runs = (text.match(/`+/g) ?? []).map((run) => run.length);
  if (runs.length === 0) return `\`${text}\``;
  const fence = '`'.repeat(Math.max(...runs) + 1);
  return `${fence} ${text} ${fence}`;
}

/** A link to a URL that came from outside, or nothing where it is none. */
function linkTo(url: string): string {
  if (!URL.canParse(url)) return '';
  const target = new URL(url).href.replace(/[()]/g, (bracket) => (bracket === '(' ? '%28' : '%29'));
  return `[Open the video](${target})`;
}

/**
 * Text from the provider is shown as text: it may not become a link, an image or a heading in an operator's UI. A colon
 * after a letter is escaped because the UI makes links of bare addresses (measured, UI 2.54).
 */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>#|!~&]|(?<=[a-z]):/gi, (character) => `\\${character}`);
}

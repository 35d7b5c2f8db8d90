import { shellWord } from '../../text/shell-word.js';
import { STATE_MEANINGS } from '../../render/state.js';
import { isoOf } from '../../text/time.js';
import type { RenderStory } from '../../starter/status.js';

/** A render's story for a person. */
export function storyLines(story: RenderStory): string[] {
  const { key, state, project, message, providerStatus, events, next } = story;
  const ended =
    story.closedAt === undefined ? [] : [`    ${isoOf(Date.parse(story.closedAt))}  ended: ${state}`];
  return [
    `${key}: ${state}${project === undefined ? '' : `, project ${project}`}`,
    `  ${STATE_MEANINGS[state]}`,
    ...(message === undefined ? [] : [`  ${message}`]),
    ...(providerStatus === undefined ? [] : [`  The provider says: ${providerStatus}`]),
    '  What happened:',
    ...events.map(({ at, text }) => `    ${at}  ${text}`),
    ...ended,
    ...indented('What comes next:', [...next, ...decisionsFor(story)]),
  ];
}

/** Where a person can decide: how. */
function decisionsFor({ key, state }: Pick<RenderStory, 'key' | 'state'>): string[] {
  if (state !== 'held' && state !== 'unknown') return [];
  return [
    `${state === 'held' ? 'a person decides' : 'a person may decide'}: renderonce resolve ${shellWord(key)} --adopt PROJECT | --resubmit | --abandon, with --why`,
  ];
}

function indented(head: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${head}`, ...lines.map((line) => `    ${line}`)];
}

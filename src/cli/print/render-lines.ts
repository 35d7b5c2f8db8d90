import { UnfinishedRender } from '../../render/errors.js';
import type { Outcome } from '../../render/outcome.js';
import { STATE_MEANINGS } from '../../render/state.js';
import type { RenderStatus, RenderStory } from '../../starter/status.js';
import { shellWord } from '../../text/shell-word.js';
import { isoOf } from '../../text/time.js';
import { EXIT } from '../command.js';
import type { Output } from './output.js';

/** Returns the state of a render in one line. */
export function statusLine({ state, project, providerStatus, message }: RenderStatus): string {
  const details = [
    project === undefined ? '' : `project ${project}`,
    providerStatus === undefined ? '' : `the provider: ${providerStatus}`,
    message ?? '',
  ];
  return [state, ...details.filter((detail) => detail !== '')].join('; ');
}

/** Returns the state of a render, its meaning, and the provider's words. */
export function statusLines({ key, state, project, message, providerStatus }: RenderStatus): string[] {
  return [
    `${key}: ${state}${project === undefined ? '' : `, project ${project}`}`,
    `  ${STATE_MEANINGS[state]}`,
    ...(message === undefined ? [] : [`  ${message}`]),
    ...(providerStatus === undefined ? [] : [`  The provider says: ${providerStatus}`]),
  ];
}

/** Returns the state of a render, its history, and what comes next. */
export function storyLines(story: RenderStory): string[] {
  const { state, closedAt, events, next } = story;
  const ended = closedAt === undefined ? [] : [`    ${isoOf(Date.parse(closedAt))}  ended: ${state}`];
  return [
    ...statusLines(story),
    '  What happened:',
    ...events.map(({ at, text }) => `    ${at}  ${text}`),
    ...ended,
    ...(next.length === 0 ? [] : ['  What comes next:', ...next.map((line) => `    ${line}`)]),
    ...decisionLines(story),
  ];
}

/** Remarks about the decisions of a person. */
const REMARKS = {
  adopt: 'if PROJECT in the dashboard is this movie',
  abandon: 'to give up the key',
  resubmit: 'if a look then proves that the movie is absent',
} as const;

/** Returns the commands by which a person may decide, each with the time from which the render accepts it. */
function decisionLines({ key, state, decisions }: RenderStory): string[] {
  if (decisions.length === 0) return [];
  const lines = decisions.map(({ action, from }) => {
    const flag = `--${action}${action === 'adopt' ? ' PROJECT' : ''}`;
    const when = from === undefined ? '' : `from ${from} on, `;
    return `    renderonce resolve ${shellWord(key)} ${flag} --why REASON: ${when}${REMARKS[action]}`;
  });
  return [`  A person ${state === 'held' ? 'decides' : 'may decide'}:`, ...lines];
}

/** Waits for an outcome, prints it also if it has no video, and returns the exit code. */
export async function printOutcome(
  output: Output,
  work: () => Promise<Outcome>,
  more: object = {},
): Promise<number> {
  const outcome = await work().catch((error: unknown) => {
    if (error instanceof UnfinishedRender && error.outcome !== undefined) return error.outcome;
    throw error;
  });
  output.result({ ...outcome, ...more }, outcomeLines(outcome));
  return outcome.status === 'done' ? 0 : EXIT.outcome;
}

function outcomeLines(outcome: Outcome): string[] {
  const head = `${outcome.key}: ${outcome.status}, project ${outcome.project}`;
  if (outcome.status !== 'done') return [head, `  ${outcome.message}`];
  const facts = [
    outcome.durationSeconds === null ? '' : `${outcome.durationSeconds} s`,
    outcome.width === null ? '' : `${outcome.width}x${outcome.height}`,
    outcome.sizeBytes === null ? '' : `${outcome.sizeBytes} bytes`,
  ].filter((fact) => fact !== '');
  return [
    head,
    `  ${outcome.url}`,
    `  ${facts.join(', ')}${outcome.expiresAt === null ? '' : `; the file is deleted at ${outcome.expiresAt}`}`,
  ];
}

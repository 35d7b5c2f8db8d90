import type { ActivityResults, Claim, Look, SubmitHeartbeat } from '../render/activity-results.js';
import { describeReading, type Reading, type ReadingInWords } from '../render/reading.js';
import type { Submission } from '../render/submission.js';
import { membersOf } from '../text/json.js';
import type { Recorded } from './history.js';

type Ended = Extract<Recorded, { what: 'activity ended' | 'activity failed' | 'activity fell silent' }>;

/** The words of a story about one kind of activity. */
interface Words {
  /** Begins its line; `number` counts the activities of its kind. */
  readonly title: (number: number) => string;
  readonly ended: (recorded: unknown) => string;
  /** Without words, a failure is not part of the story. */
  readonly failed?: (failure: Exclude<Ended, { what: 'activity ended' }>) => string;
  /** Describes it while it is scheduled or started. */
  readonly pending: string;
}

const UNKNOWN_RESULT = 'ended in a way that this version does not know';

/** Makes words of a recorded result: `parse` returns nothing if it has another form than those of this version. */
function endedAs<Name extends keyof Results>(
  parse: (recorded: unknown) => Results[Name] | undefined,
  words: (result: Results[Name]) => string,
): Words['ended'] {
  return (recorded) => {
    const result = parse(recorded);
    return result === undefined ? UNKNOWN_RESULT : words(result);
  };
}

/** The results that a story reads, of every activity; a video is not part of a story. */
interface Results extends Omit<ActivityResults, 'checkMovie' | 'confirmMovie'> {
  readonly checkMovie: ReadingInWords;
  readonly confirmMovie: ReadingInWords;
}

const WORDS: { readonly [Name in keyof ActivityResults]: Words } = {
  submitMovie: {
    title: (number) => `submission ${number}`,
    ended: endedAs<'submitMovie'>(submitResultOf, ({ submission }) => submissionText(submission)),
    failed: (failure) => {
      if (failure.what === 'activity failed') return `unknown: ${failure.message}`;
      return membersOf<SubmitHeartbeat>(failure.heartbeat).sending === true
        ? 'unknown: the worker fell silent while the request may have been on its way'
        : 'refused: the worker fell silent before it sent anything';
    },
    pending: 'a submission',
  },
  findMovie: {
    title: (number) => `look ${number} in the provider's list`,
    ended: endedAs<'findMovie'>(lookOf, lookText),
    failed: () => 'it could not be read',
    pending: "a look in the provider's list",
  },
  claimMovie: {
    title: () => 'a named project',
    ended: endedAs<'claimMovie'>(claimOf, ({ found, notOurs = 'it was not found' }) =>
      found === undefined ? notOurs : `project ${found.project} was read and is taken for ours`,
    ),
    failed: () => 'it could not be read',
    pending: 'a reading of a named project at the provider',
  },
  checkMovie: {
    title: () => 'status check',
    ended: endedAs<'checkMovie'>(readingOf, describeReading),
    pending: 'a status check at the provider',
  },
  confirmMovie: {
    title: () => 'status check',
    ended: endedAs<'confirmMovie'>(readingOf, describeReading),
    pending: 'a confirming status check at the provider',
  },
};

const isKnown = (name: string): name is keyof ActivityResults => Object.hasOwn(WORDS, name);

/** Describes the end of an activity, as the title and the text of a line; nothing if it is not part of a story. */
export function describeEnd(
  name: string,
  number: number,
  ended: Ended,
): { readonly title: string; readonly text: string } | undefined {
  if (!isKnown(name)) return { title: `activity ${name}`, text: unknownEnd(ended) };
  const title = WORDS[name].title(number);
  if (ended.what === 'activity ended') return { title, text: WORDS[name].ended(ended.result) };
  const text = WORDS[name].failed?.(ended);
  return text === undefined ? undefined : { title, text };
}

/** Describes an activity that is scheduled or started. */
export function describePending(name: string): string {
  return isKnown(name) ? WORDS[name].pending : `activity ${name}, which this version does not know`;
}

function unknownEnd(ended: Ended): string {
  if (ended.what === 'activity ended') return UNKNOWN_RESULT;
  return ended.what === 'activity failed' ? `failed: ${ended.message}` : 'its worker fell silent';
}

function submissionText(submission: Submission): string {
  switch (submission.end) {
    case 'accepted':
      return `accepted as project ${submission.project}`;
    case 'refused':
      return `not taken, waiting for ${submission.waitingFor}: ${submission.message}`;
    case 'rejected':
    case 'unknown':
      return `${submission.end}: ${submission.message}`;
  }
}

function lookText({ found, otherProject, scanned }: Look): string {
  if (found !== undefined) return `it is there, as project ${found.project}`;
  if (otherProject !== undefined) return `another movie has this key, project ${otherProject}`;
  return `not among ${scanned} movies`;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

function submitResultOf(recorded: unknown): ActivityResults['submitMovie'] | undefined {
  const { submission: given, elapsedMs, webhook } = membersOf<ActivityResults['submitMovie']>(recorded);
  const submission = submissionOf(given);
  if (submission === undefined || !isNumber(elapsedMs)) return undefined;
  return { submission, elapsedMs, webhook: webhook === true };
}

function submissionOf(recorded: unknown): Submission | undefined {
  const { end, project, submittedAt, waitingFor, message } = membersOf<Submission>(recorded);
  switch (end) {
    case 'accepted':
      return isText(project) && isText(submittedAt) ? { end, project, submittedAt } : undefined;
    case 'refused':
      return isText(waitingFor) && isText(message) ? { end, waitingFor, message } : undefined;
    case 'rejected':
    case 'unknown':
      return isText(message) ? { end, message } : undefined;
    default:
      return undefined;
  }
}

type Found = NonNullable<Look['found']>;

function foundOf(recorded: unknown): Found | undefined {
  const { project, submittedAt, webhook } = membersOf<Found>(recorded);
  if (!isText(project) || !isText(submittedAt)) return undefined;
  return { project, submittedAt, webhook: webhook === true };
}

function lookOf(recorded: unknown): Look | undefined {
  const { runId, scanned, found: given, otherProject } = membersOf<Look>(recorded);
  if (!isText(runId) || !isNumber(scanned)) return undefined;
  const found = foundOf(given);
  if (given !== undefined && found === undefined) return undefined;
  return { runId, scanned, ...(found && { found }), ...(isText(otherProject) && { otherProject }) };
}

function claimOf(recorded: unknown): Claim | undefined {
  const { found: given, notOurs } = membersOf<Claim>(recorded);
  const found = foundOf(given);
  return found ? { found } : isText(notOurs) ? { notOurs } : undefined;
}

function readingOf(recorded: unknown): ReadingInWords | undefined {
  const { says, status, progressPercent, message } = membersOf<Reading>(recorded);
  switch (says) {
    case 'done':
      return { says };
    case 'rendering':
      if (!isText(status)) return undefined;
      return {
        says,
        status,
        ...(isNumber(progressPercent) && { progressPercent }),
        ...(isText(message) && { message }),
      };
    case 'gone':
    case 'error':
    case 'timeout':
    case 'missing':
    case 'unreadable':
      return isText(message) ? { says, message } : undefined;
    default:
      return undefined;
  }
}

import type { ActivityResults, Look, SubmitHeartbeat } from '../render/activity-results.js';
import { describeReading } from '../render/reading.js';
import type { Submission } from '../render/submission.js';
import { membersOf } from '../text/json.js';
import type { Recorded } from './history.js';
import { RESULT_PARSERS } from './recorded-results.js';

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
function endedAs<Result>(
  parse: (recorded: unknown) => Result | undefined,
  words: (result: Result) => string,
): Words['ended'] {
  return (recorded) => {
    const result = parse(recorded);
    return result === undefined ? UNKNOWN_RESULT : words(result);
  };
}

const WORDS: { readonly [Name in keyof ActivityResults]: Words } = {
  submitMovie: {
    title: (number) => `submission ${number}`,
    ended: endedAs(RESULT_PARSERS.submitMovie, ({ submission }) => submissionText(submission)),
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
    ended: endedAs(RESULT_PARSERS.findMovie, lookText),
    failed: () => 'it could not be read',
    pending: "a look in the provider's list",
  },
  claimMovie: {
    title: () => 'a named project',
    ended: endedAs(RESULT_PARSERS.claimMovie, ({ found, notOurs = 'it was not found' }) =>
      found === undefined ? notOurs : `project ${found.project} was read and is taken for ours`,
    ),
    failed: () => 'it could not be read',
    pending: 'a reading of a named project at the provider',
  },
  checkMovie: {
    title: () => 'status check',
    ended: endedAs(RESULT_PARSERS.checkMovie, describeReading),
    pending: 'a status check at the provider',
  },
  confirmMovie: {
    title: () => 'status check',
    ended: endedAs(RESULT_PARSERS.confirmMovie, describeReading),
    pending: 'a confirming status check at the provider',
  },
  awaitReady: {
    title: () => 'a probe',
    ended: endedAs(RESULT_PARSERS.awaitReady, () => 'the cause of the refusal has gone'),
    failed: () => 'the cause of the refusal did not go in time',
    pending: 'a probe of what the submission waits for, at least every 5 minutes',
  },
  askRuns: {
    title: () => 'a question after the runs of reservations',
    ended: () => 'answered',
    pending: 'a question after the runs of reservations',
  },
  findFollowed: {
    title: () => 'the end before the reset',
    ended: endedAs(RESULT_PARSERS.findFollowed, ({ startAs }) =>
      startAs === undefined
        ? 'it was the same, and was reported'
        : 'it was another one; this one is reported too',
    ),
    pending: 'a question to the engine about the end before the reset',
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

function lookText({ found, otherProject, scanned, unproven }: Look): string {
  if (found !== undefined) return `it is there, as project ${found.project}`;
  if (otherProject !== undefined) return `another movie has this key, project ${otherProject}`;
  return `not among ${scanned} movies${unproven === undefined ? '' : `; ${unproven}`}`;
}

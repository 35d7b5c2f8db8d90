import type { ActivityResults, Claim, Look } from '../render/activity-results.js';
import type { describeReading, Reading } from '../render/reading.js';
import type { Submission } from '../render/submission.js';
import { membersOf } from '../text/json.js';

type ReadingInWords = Parameters<typeof describeReading>[0];

/** The results that a story reads, of every activity; a video is not part of a story. */
interface Results extends Omit<ActivityResults, 'checkMovie' | 'confirmMovie'> {
  readonly checkMovie: ReadingInWords;
  readonly confirmMovie: ReadingInWords;
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';

function submitResultOf(recorded: unknown): ActivityResults['submitMovie'] | undefined {
  const {
    submission: given,
    elapsedMs,
    webhook,
    account,
  } = membersOf<ActivityResults['submitMovie']>(recorded);
  const submission = submissionOf(given);
  if (submission === undefined || !isNumber(elapsedMs) || !isText(account)) return undefined;
  return { submission, elapsedMs, webhook: webhook === true, account };
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
  const { project, submittedAt, webhook, account } = membersOf<Found>(recorded);
  if (!isText(project) || !isText(submittedAt) || !isText(account)) return undefined;
  return { project, submittedAt, webhook: webhook === true, account };
}

function lookOf(recorded: unknown): Look | undefined {
  const { runId, at, scanned, found: given, otherProject, unproven } = membersOf<Look>(recorded);
  if (!isText(runId) || !isText(at) || !isNumber(scanned)) return undefined;
  const found = foundOf(given);
  if (given !== undefined && found === undefined) return undefined;
  return {
    runId,
    at,
    scanned,
    ...(found && { found }),
    ...(isText(otherProject) && { otherProject }),
    ...(isText(unproven) && { unproven }),
  };
}

function claimOf(recorded: unknown): Claim | undefined {
  const { found: given, notOurs } = membersOf<Claim>(recorded);
  const found = foundOf(given);
  return found ? { found } : isText(notOurs) ? { notOurs } : undefined;
}

function probeOf(recorded: unknown): ActivityResults['awaitReady'] | undefined {
  const { message } = membersOf<ActivityResults['awaitReady']>(recorded);
  return isText(message) ? { message } : undefined;
}

function followedOf(recorded: unknown): ActivityResults['findFollowed'] | undefined {
  const { startAs } = membersOf<ActivityResults['findFollowed']>(recorded);
  return startAs === undefined ? {} : isText(startAs) ? { startAs } : undefined;
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

/** Parsers of recorded results by activity. Each returns nothing if the result has another form than those of this version. */
export const RESULT_PARSERS: {
  readonly [Name in keyof Results]: (recorded: unknown) => Results[Name] | undefined;
} = {
  submitMovie: submitResultOf,
  findMovie: lookOf,
  claimMovie: claimOf,
  checkMovie: readingOf,
  confirmMovie: readingOf,
  awaitReady: probeOf,
  findFollowed: followedOf,
  askRuns: () => undefined,
};

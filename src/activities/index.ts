import { activityInfo, Context } from '@temporalio/activity';
import { createAwaitReady } from './await-ready.js';
import { createCheckMovie, createConfirmMovie, readFor } from './check-movie.js';
import { createClaimMovie } from './claim-movie.js';
import type { ActivityDependencies } from './dependencies.js';
import { createFindMovie } from './find-movie.js';
import { createKeepVideo } from './keep-video.js';
import { ListLag } from './list-lag.js';
import { createSendEvent } from './send-event.js';
import { stillWaiting } from '../temporal/still-waiting.js';
import { createSubmitMovie } from './submit-movie.js';
import type { ActivityResults } from '../render/activity-results.js';
import type { AfterEnd, EventType } from '../render/event.js';
import { describeReading, type Video } from '../render/reading.js';
import { otherAfterId } from '../temporal/after-ids.js';
import { readSpending, type ReservedRun } from '../temporal/run-spending.js';
import { membersOf } from '../text/json.js';

/** The activities of the workflows, by the names under which histories record them. */
export interface Activities {
  readonly submitMovie: ReturnType<typeof createSubmitMovie>;
  readonly findMovie: ReturnType<typeof createFindMovie>;
  readonly claimMovie: ReturnType<typeof createClaimMovie>;
  readonly checkMovie: ReturnType<typeof createCheckMovie>;
  readonly confirmMovie: ReturnType<typeof createConfirmMovie>;
  readonly awaitReady: ReturnType<typeof createAwaitReady>;
  readonly findFollowed: ReturnType<typeof createFindFollowed>;
  readonly awaitLate: ReturnType<typeof createAwaitLate>;
  readonly keepVideo: ReturnType<typeof createKeepVideo>;
  readonly sendEvent: ReturnType<typeof createSendEvent>;
  readonly askRuns: ReturnType<typeof createAskRuns>;
}

/** Creates all activities of the workflows. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  const lag = new ListLag(dependencies.monotonicNow, dependencies.onListLag);
  const ofRenders = {
    submitMovie: createSubmitMovie(dependencies, lag),
    findMovie: createFindMovie(dependencies, lag),
    claimMovie: createClaimMovie(dependencies),
    checkMovie: createCheckMovie(dependencies),
    confirmMovie: createConfirmMovie(dependencies),
    awaitReady: createAwaitReady(dependencies),
    findFollowed: createFindFollowed(),
    askRuns: createAskRuns(),
  } satisfies { [Name in keyof ActivityResults]: (request: never) => Promise<ActivityResults[Name]> };
  return {
    ...ofRenders,
    awaitLate: createAwaitLate(dependencies),
    keepVideo: createKeepVideo(dependencies),
    sendEvent: createSendEvent(dependencies),
  };
}

interface AskRunsRequest {
  readonly runs: readonly ReservedRun[];
}

/** Creates the activity that returns what runs have spent that closed without a settlement; open ones are left out. */
function createAskRuns() {
  return async function askRuns({ runs }: AskRunsRequest): Promise<ActivityResults['askRuns']> {
    const { client } = Context.current();
    const settled = [];
    for (const { run, runId, key } of runs) {
      const spent = await readSpending(client, { run, runId, key });
      if (spent !== undefined) settled.push({ run, runId, ...spent });
    }
    return settled;
  };
}

const HOUR_MS = 3_600_000;

interface AwaitLateRequest {
  readonly project: string;
  /** The account that holds it, if the engine knows. */
  readonly account?: string | undefined;
}

/**
 * Creates the activity that asks once an hour for the video of a render that timed out. It fails retryably until the
 * render has ended at the provider, so that a week adds nothing to the history.
 */
function createAwaitLate({ json2video }: ActivityDependencies) {
  return async function awaitLate({
    project,
    account,
  }: AwaitLateRequest): Promise<{ readonly video?: Video }> {
    if (activityInfo().attempt === 1) throw stillWaiting('the first question follows', HOUR_MS);
    const reading = await readFor(account, json2video, project);
    if (reading.says === 'done') return { video: reading.video };
    throw stillWaiting(describeReading(reading), HOUR_MS);
  };
}

interface FindFollowedRequest {
  /** ID of the workflow that follows another end of the same chain of runs. */
  readonly id: string;
  readonly key: string;
  readonly firstRunId: string;
  readonly status: AfterEnd['status'];
  readonly type: EventType;
}

/**
 * Creates the activity that reads which end of a chain of runs is followed already, before a reset. Another end is followed
 * under an ID of its own.
 */
function createFindFollowed() {
  return async function findFollowed({
    id,
    key,
    firstRunId,
    status,
    type,
  }: FindFollowedRequest): Promise<ActivityResults['findFollowed']> {
    const { memo } = await Context.current().client.workflow.getHandle(id).describe();
    if (membersOf<{ type: unknown }>(memo).type === type) return {};
    return { startAs: otherAfterId(key, firstRunId, status) };
  };
}

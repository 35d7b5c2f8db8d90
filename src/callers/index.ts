/**
 * Activities by which workflows of yours render. Needs the optional peer `@temporalio/activity`; the workflow calls them
 * through `renderonce/workflow`.
 *
 * @module renderonce/activities
 */
import { createHash } from 'node:crypto';
import { activityInfo, Context } from '@temporalio/activity';
import type { RenderedMovie } from '../render/outcome.js';
import { prepareCall } from '../starter/prepare.js';
import type { RendersOptions } from '../starter/renders-options.js';
import { Sightings } from '../starter/sightings.js';
import { joinRender } from '../starter/start.js';
import { abortable, askEngine } from '../temporal/ask-engine.js';
import { describeCurrentRun } from '../temporal/current-run.js';
import { stillWaiting } from '../temporal/still-waiting.js';
import type { RenderActivities, RenderOrder, RenderTicket } from './contract.js';
import { asActivity } from './failure.js';
import { lookAtRender } from './look-at-render.js';
import { pauseMs } from './pauses.js';

export type {
  CallerOptions,
  RenderActivities,
  RenderFailureDetails,
  RenderOrder,
  RenderTicket,
} from './contract.js';

/** Options of `createRenderActivities`: those of `Renders`, without the store. */
export type RenderActivitiesOptions = Omit<RendersOptions, 'keep'>;

/** Time in which the engine must take a start. */
const START_MS = 20_000;

/** Waits at the same time within an activity. Others ask once and leave their slot, so that crowds block no worker. */
const POLLS = 10;

const DEFAULT_TASK_QUEUE = 'renderonce';

/**
 * Creates the activities for a worker of yours. The client connects to the namespace of the renders, which need not be that
 * of your workflows. Cancelling an activity never cancels the render.
 *
 * @group Start here
 *
 * @example
 * const worker = await Worker.create({ ..., activities: { ...createRenderActivities({ client }), ...yourOwn } });
 */
export function createRenderActivities(options: RenderActivitiesOptions): RenderActivities {
  const { client, taskQueue = DEFAULT_TASK_QUEUE, defaults = {}, assets = 'public' } = options;
  let polls = 0;
  const polling = async <T>(poll: (isFree: boolean) => Promise<T>): Promise<T> => {
    polls += 1;
    return poll(polls <= POLLS).finally(() => {
      polls -= 1;
    });
  };
  return {
    submitRender: ({ key, movie, options: own }: RenderOrder): Promise<RenderTicket> =>
      asActivity(async () => {
        const call = prepareCall(key, movie, { ...defaults, ...own, deadlineMs: START_MS }, assets);
        const caller = tokenOfActivity();
        const { runId, fingerprint, replayed } = await untilStop(client, (signal) => {
          const stopped = signal === undefined ? {} : { signal };
          return joinRender(client, taskQueue, { ...call, caller, ...stopped }, seenBefore());
        });
        if (replayed && call.joins && fingerprint !== call.fingerprint) await assertDecided(client, key);
        return { key, runId, fingerprint };
      }),
    awaitRender: (ticket: RenderTicket): Promise<RenderedMovie> =>
      asActivity(() =>
        untilStop(client, () =>
          polling((isFree) => lookAtRender(client, ticket, { mayPoll: isFree, waitedMs: waitedMs() })),
        ),
      ),
  };
}

/** Returns the same token for each attempt of an activity: an attempt recognises the run that an earlier one has started. */
function tokenOfActivity(): string {
  const { workflowNamespace, workflowExecution, activityId } = activityInfo();
  const { workflowId = '', runId = '' } = workflowExecution ?? {};
  const parts = [workflowNamespace, workflowId, runId, activityId];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Returns the runs that earlier attempts have seen: the cancel of one of them ends the call. */
function seenBefore(): Sightings {
  const sightings = new Sightings();
  const seen: unknown = activityInfo().heartbeatDetails;
  if (typeof seen !== 'string') return sightings;
  sightings.join(seen);
  // A start waits in no run.
  sightings.newest = undefined;
  return sightings;
}

/**
 * Has the engine repeat the activity until the other movie that the call has joined is accepted: its rejection is not the
 * call's, which then sends its own movie.
 */
async function assertDecided(client: RendersOptions['client'], key: string): Promise<void> {
  const run = await askEngine(client, key, () => describeCurrentRun(client, key));
  if (run?.status === 'completed' || (run?.status === 'running' && run.project !== undefined)) return;
  const { runId, state = 'submitting' } = run ?? {};
  if (runId !== undefined) Context.current().heartbeat(runId);
  throw stillWaiting(`the render of another movie is ${state}`, pauseMs(state, waitedMs()));
}

/** Returns the time since the wait began, on the engine's clock. */
function waitedMs(): number {
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
  return currentAttemptScheduledTimestampMs - scheduledTimestampMs;
}

/** Runs the work until the worker stops; then another attempt goes on. */
async function untilStop<T>(
  client: RendersOptions['client'],
  work: (signal?: AbortSignal) => Promise<T>,
): Promise<T> {
  const { cancellationSignal: signal } = Context.current();
  try {
    return await abortable(client, { signal }, work);
  } catch (error) {
    if (signal.aborted) throw stillWaiting('the worker stops', 1_000);
    throw error;
  }
}

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
import { joinRender } from '../starter/start.js';
import { abortable } from '../temporal/ask-engine.js';
import { stillWaiting } from '../temporal/still-waiting.js';
import type { RenderActivities, RenderOrder, RenderTicket } from './contract.js';
import { asActivity } from './failure.js';
import { lookAtRender } from './look-at-render.js';

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
        const { runId, fingerprint } = await untilStop(client, (signal) =>
          joinRender(client, taskQueue, { ...call, caller, ...(signal === undefined ? {} : { signal }) }),
        );
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

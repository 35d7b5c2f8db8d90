import {
  CancellationScope,
  ChildWorkflowCancellationType,
  log,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { Activities } from '../activities/index.js';
import {
  type AfterEnd,
  afterId,
  type AfterRequest,
  announcement,
  type AnnounceRequest,
  type BudgetData,
  endEvent,
  type EventMemo,
  budgetEventId,
  heldId,
} from '../render/event.js';
import { DEFAULT_DESTINATION, type Follow } from '../render/follow.js';
import { isoOf } from '../text/time.js';
import { messageOf } from '../text/text.js';
import { checksQueueOf, WORKFLOWS } from './messages.js';
import type { Render } from './render.js';
import { settleRun } from './settle-run.js';

type Ended = Pick<Render, 'identity' | 'following' | 'display'>;

/** Facts about an end that only what follows needs. */
type More = Pick<AfterRequest, 'account' | 'settlement'>;

/**
 * Starts the workflow that keeps the video, sends the events and settles the credits, if anything follows the end of this
 * run. Credits alone are settled by the run itself. Returns when the engine has done it, since it starts no child and sends
 * no signal of a closed run. Never throws: nothing may fail a render that has ended.
 */
export function startAfter(
  { identity, following, display }: Ended,
  end: AfterEnd,
  more: More,
): Promise<void> {
  const { key } = identity;
  const { follow } = following;
  const keeps = follow.keep && (end.status === 'done' || end.status === 'timed-out');
  const { settlement } = more;
  if (!keeps && follow.notify.length === 0) {
    if (settlement === undefined) return Promise.resolve();
    return unharmed('the credits of the render were not settled', () => settleRun(settlement));
  }
  const { firstExecutionRunId: firstRunId, runId } = workflowInfo();
  const request: AfterRequest = {
    key,
    firstRunId,
    endedAt: isoOf(Date.now()),
    end,
    follow,
    ...given(more),
  };
  const { type } = endEvent(request);
  return unharmed('what follows the render was not started', async () => {
    const id = afterId(key, firstRunId);
    display.followed(followedText(id, keeps, follow));
    const memo = { key, type, ...(follow.notify.length === 0 ? { isSilent: true as const } : {}) };
    const wasStarted = await startOwn(WORKFLOWS.after, id, request, memo);
    // Only a run that came from a reset can end a second time, and only another end has something to add.
    if (wasStarted || runId === firstRunId) return;
    const { startAs } = await findFollowed({ id, key, firstRunId, status: end.status, type });
    if (startAs !== undefined) await startOwn(WORKFLOWS.after, startAs, request, memo);
    else if (settlement !== undefined) await settleRun(settlement);
  });
}

function followedText(id: string, keeps: boolean, { notify }: Follow): string {
  const names = notify.map((to) => (typeof to === 'string' ? to : new URL(to.url).host));
  const tasks = [
    ...(keeps ? ['the video is copied'] : []),
    ...(names.length === 0 ? [] : [`the end is reported to ${names.join(', ')}`]),
  ];
  return `${tasks.join(', and ')}, by workflow ${id}`;
}

function given({ account, settlement }: More): More {
  return {
    ...(account === undefined ? {} : { account }),
    ...(settlement === undefined ? {} : { settlement }),
  };
}

function findFollowed(
  request: Parameters<Activities['findFollowed']>[0],
): ReturnType<Activities['findFollowed']> {
  const activities = proxyActivities<Activities>({
    taskQueue: checksQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '40s',
    retry: { initialInterval: '2s', maximumAttempts: 10 },
    summary: 'Read which end was followed before the reset',
  });
  return activities.findFollowed(request);
}

/** Reports that the key waits for a person, once for each chain of runs, while the run goes on. Never throws. */
export function announceHeld(
  { identity, following }: Pick<Ended, 'identity' | 'following'>,
  message: string,
): Promise<void> {
  const { key, fingerprint } = identity;
  const { notify } = following.follow;
  if (notify.length === 0) return Promise.resolve();
  const { firstExecutionRunId: firstRunId } = workflowInfo();
  const data = { key, status: 'held', message, fingerprint } as const;
  const event = announcement('render.held', { key, firstRunId, at: isoOf(Date.now()) }, data);
  return announce(heldId(key, firstRunId), { event, notify });
}

/** Reports a window of a budget to destination `default`, if there is one, once for each type. Never throws. */
export function announceBudget(
  type: 'budget.soft_exceeded' | 'budget.exceeded',
  data: BudgetData,
): Promise<void> {
  const { budget, window = 'total' } = data;
  const event = {
    type,
    timestamp: isoOf(Date.now()),
    subject: [budget, window],
    data,
    isOptional: true,
  } as const;
  return announce(budgetEventId(budget, window, type), { event, notify: [DEFAULT_DESTINATION] });
}

/** Starts a workflow of its own that sends one event, unless the ID was used. Never throws. */
function announce(workflowId: string, request: AnnounceRequest): Promise<void> {
  const [key] = request.event.subject;
  return unharmed('an event was not sent', async () => {
    await startOwn(WORKFLOWS.announce, workflowId, request, { key, type: request.event.type });
  });
}

/** Starts a child that goes on after its parent. Returns false if one with this ID runs or has completed. */
async function startOwn(
  type: string,
  workflowId: string,
  request: AfterRequest | AnnounceRequest,
  memo: EventMemo,
): Promise<boolean> {
  try {
    await startChild(type, {
      workflowId,
      args: [request],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
      workflowExecutionTimeout: LONGEST,
      memo: { ...memo },
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Longer than the files of the provider live and all attempts to send an event take. */
const LONGEST = '60 days';

function unharmed(what: string, work: () => Promise<void>): Promise<void> {
  return CancellationScope.nonCancellable(work).catch((error: unknown) => {
    log.error(what, { error: messageOf(error) });
  });
}

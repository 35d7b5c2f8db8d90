import {
  ActivityFailure,
  isCancellation,
  log,
  proxyActivities,
  proxyLocalActivities,
  sleep,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { CONFIRM_INTERVAL_MS } from '../render/limits.js';
import type { Reading } from '../render/reading.js';
import type { CheckPlan } from '../render/waiting.js';
import { messageOf } from '../text/text.js';
import type { Render } from './render.js';

/** An accepted render, as its checks need it. */
interface AcceptedRender {
  readonly project: string;
  readonly webhook: boolean;
  /** The account that holds the project. */
  readonly account: string;
  readonly deadlineMs: number;
  readonly render: Render;
}

/** One GET may take 30 s; the worker has the rest for its own work. */
const CHECK_TIMEOUT = '40s';

/** A check sets its own delays; these are for attempts that a worker lost. */
const CHECK_RETRY = { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;

const SUMMARIES = {
  watch: (project: string) => `Watch project ${project} until its render ends`,
  hint: (project: string) => `Ask about project ${project} again, after a webhook that came early`,
  suspect: (project: string) => `Ask about project ${project} until its bad news passes or lasts`,
} as const;

/** Repeats a check until it has something to report or the time is up. Never throws. */
export async function checkUntil(
  { project, account, render }: AcceptedRender,
  untilMs: number,
  plan: CheckPlan,
): Promise<{ readonly reading?: Reading; readonly isTimeUp: boolean }> {
  const restMs = untilMs - Date.now();
  if (restMs <= 0) return { isTimeUp: true };
  const { checkMovie } = proxyActivities<Activities>({
    taskQueue: render.checksQueue,
    startToCloseTimeout: CHECK_TIMEOUT,
    scheduleToCloseTimeout: restMs,
    retry: CHECK_RETRY,
    summary: SUMMARIES[plan.for](project),
  });
  try {
    return { reading: await checkMovie({ project, account, plan }), isTimeUp: false };
  } catch (error) {
    return { isTimeUp: endedByTime(error) };
  }
}

/** True if the engine ended a check because its time was up; its last failure was then "still rendering". */
function endedByTime(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure || (error instanceof ActivityFailure && error.retryState === 'TIMEOUT'))
    return true;
  if (!isCancellation(error)) log.warn('a status check failed', { error: messageOf(cause) });
  return false;
}

/** A confirming GET runs within the workflow task, so it must be short. */
const LOCAL_CONFIRM_MS = 4_000;

/**
 * Makes one confirming GET: within the workflow task, which costs one event and no round trip; if that brings no reply, as
 * a regular activity 5 s later.
 */
export async function confirmOnce({
  project,
  account,
  render,
}: AcceptedRender): Promise<Reading | undefined> {
  const local = proxyLocalActivities<Activities>({
    startToCloseTimeout: LOCAL_CONFIRM_MS + 1_000,
    retry: { maximumAttempts: 1 },
  });
  const regular = proxyActivities<Activities>({
    taskQueue: render.checksQueue,
    startToCloseTimeout: CHECK_TIMEOUT,
    retry: { maximumAttempts: 3, initialInterval: '5s' },
    summary: `Ask about project ${project} again, after a webhook`,
  });
  try {
    return await local.confirmMovie({ project, account, timeoutMs: LOCAL_CONFIRM_MS });
  } catch {
    await sleep(CONFIRM_INTERVAL_MS, { summary: 'Wait until the provider may be asked again' });
    return regular.confirmMovie({ project, account }).catch(() => undefined);
  }
}

/**
 * Makes the last check when the time is up: at most three tries. It has no deadline in the task queue and goes before all
 * others there: a render that is done at the provider must not end as timed out because the queue is long.
 */
export async function lastCheck({ project, account, render }: AcceptedRender): Promise<Reading | undefined> {
  const { confirmMovie } = proxyActivities<Activities>({
    taskQueue: render.checksQueue,
    startToCloseTimeout: CHECK_TIMEOUT,
    retry: { maximumAttempts: 3, initialInterval: '5s' },
    priority: { priorityKey: 1 },
    summary: `Ask about project ${project} for the last time`,
  });
  return confirmMovie({ project, account }).catch(() => undefined);
}

import { activityInfo } from '@temporalio/activity';
import type { Json2Video } from '../json2video/client.js';
import type { Reading } from '../render/reading.js';
import { type CheckPlan, firstDelayMs, nextCheck } from '../render/waiting.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from '../temporal/still-waiting.js';

interface CheckMovieRequest {
  readonly project: string;
  /** The account that holds it. */
  readonly account: string;
  readonly plan: CheckPlan;
}

/**
 * Creates the activity that asks for the status until a reading matters. While none does it fails retryably: the engine
 * repeats it without adding history, and its UI shows the last failure, which is the provider's status. The first attempt
 * asks nothing and only sets the first delay. Times are the engine's, since a worker's clock may be off.
 */
export function createCheckMovie({ json2video }: ActivityDependencies) {
  return async function checkMovie({ project, account, plan }: CheckMovieRequest): Promise<Reading> {
    const { attempt, scheduledTimestampMs, currentAttemptScheduledTimestampMs } = activityInfo();
    if (attempt === 1) throw stillWaiting('the first check follows', firstDelayMs(plan));
    const reading = await readFor(account, json2video, project);
    const elapsedMs = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
    const next = nextCheck(reading, plan, { attempt, elapsedMs });
    if (next.do === 'return') return reading;
    throw stillWaiting(next.message, next.afterMs);
  };
}

/** Reads a project. A key of another account does not see it, so its "missing" says nothing. */
export async function readFor(
  account: string | undefined,
  json2video: Json2Video,
  project: string,
  timeoutMs?: number,
): Promise<Reading> {
  const reading = await json2video.read(project, timeoutMs);
  if (reading.says !== 'missing' || account === undefined || account === json2video.account) return reading;
  const message = `the project is of account ${account}, and this worker's key is of account ${json2video.account}`;
  return { says: 'unreadable', message };
}

interface ConfirmMovieRequest {
  readonly project: string;
  /** The account that holds it, if the engine knows. */
  readonly account?: string | undefined;
  /** Short if the GET runs within a workflow task. */
  readonly timeoutMs?: number;
}

/**
 * Creates the activity that asks for the status once. It fails on an unreadable reply, so that its caller decides when to
 * ask again.
 */
export function createConfirmMovie({ json2video }: ActivityDependencies) {
  return async function confirmMovie({ project, account, timeoutMs }: ConfirmMovieRequest): Promise<Reading> {
    const reading = await readFor(account, json2video, project, timeoutMs);
    if (reading.says === 'unreadable') throw new Error(reading.message);
    return reading;
  };
}

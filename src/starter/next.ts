import type { Client } from '@temporalio/client';
import type { CurrentRun } from '../temporal/current-run.js';
import { decodePayload, failureMessage } from '../temporal/decode.js';
import { hasWorker, readBacklog } from '../temporal/task-queue.js';
import { shorten } from '../text/text.js';
import { isoOf } from '../text/time.js';
import { describePending, mayHaveSent } from './activity-words.js';
import { millis } from './history.js';
import type { Story } from './story.js';

type Pending = CurrentRun['pending'][number];

/** PENDING_ACTIVITY_STATE_SCHEDULED of the engine's API: in the task queue, or in the pause before its repetition. */
const SCHEDULED = 1;

/** Describes the events that a running render waits for: timers, activities, and first of all a worker if there is none. */
export async function nextOf(
  client: Client,
  { taskQueue, pending }: CurrentRun,
  story: Story,
): Promise<string[]> {
  const timers = [...story.timers.values()].map(
    ({ summary, firesAtMs }) => `${summary}, at ${isoOf(firesAtMs)}`,
  );
  const activities = await Promise.all(pending.map((activity) => activityText(client, story, activity)));
  const next = [...timers, ...activities];
  if (!(await hasWorker(client, taskQueue))) {
    return [`nothing, until a worker polls task queue ${taskQueue}: start renderonce worker`, ...next];
  }
  return pending.some(isDue) ? [...next, ...(await backlogText(client, taskQueue))] : next;
}

/** Returns true if an activity could be under way and is still in the task queue. */
function isDue({ state, scheduledTime, nextAttemptScheduleTime }: Pending): boolean {
  return Number(state) === SCHEDULED && millis(nextAttemptScheduleTime ?? scheduledTime) <= Date.now();
}

/** Gives the reason why a request that is due has not begun: others are before it. */
async function backlogText(client: Client, taskQueue: string): Promise<string[]> {
  const { requests, oldestSeconds } = await readBacklog(client, taskQueue);
  if (requests === 0) return [];
  return [
    `about ${requests} requests to the provider wait for their turn in task queue ${taskQueue}, the oldest for ${oldestSeconds} s; submissions go first, and RENDERONCE_PROVIDER_RPS or the number of workers is the limit`,
  ];
}

async function activityText(client: Client, story: Story, activity: Pending): Promise<string> {
  const name = activity.activityType?.name ?? '';
  if (name === 'submitMovie') return submittingText(client, story, activity);
  const nextAtMs = millis(activity.nextAttemptScheduleTime);
  const next = nextAtMs === 0 ? '' : `; next at ${isoOf(nextAtMs)}`;
  const said = await failureMessage(client, activity.lastFailure);
  return `${describePending(name)}${said ? ` (last: ${shorten(said)})` : ''}${next}`;
}

/** Answers a person whose worker has died: whether something may have left, and when the engine notices. */
async function submittingText(
  client: Client,
  { attempts, submitTimeoutMs }: Story,
  { lastStartedTime, heartbeatDetails }: Pending,
): Promise<string> {
  const startedMs = millis(lastStartedTime);
  if (startedMs === 0) return `submission ${attempts}, as soon as a worker takes it`;
  const whatIf = mayHaveSent(await decodePayload(client, heartbeatDetails?.payloads))
    ? 'it may be accepted already, so that the provider is asked before anything is sent again'
    : 'nothing was sent yet, so that it is simply tried again';
  const until = isoOf(startedMs + submitTimeoutMs);
  return `submission ${attempts} is under way since ${isoOf(startedMs)}, until ${until} at the latest; if its worker falls silent: ${whatIf}`;
}

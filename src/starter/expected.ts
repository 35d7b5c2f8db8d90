import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { isJsonObject } from '../text/json.js';
import { shorten } from '../text/text.js';
import { isoOf } from '../text/time.js';
import { failureMessage } from '../temporal/failure-message.js';
import type { PendingActivity } from '../temporal/current-run.js';
import { millis } from './recorded.js';
import type { Story } from './story.js';

/** What a running render waits for, in words: its timers and its activities under way. */
export async function expected(
  client: Client,
  story: Story,
  pending: readonly PendingActivity[],
): Promise<string[]> {
  const timers = [...story.timers.values()].map(
    ({ summary, firesAtMs }) => `${summary}, at ${isoOf(firesAtMs)}`,
  );
  const activities = await Promise.all(pending.map((activity) => activityText(client, story, activity)));
  return [...timers, ...activities];
}

/** PENDING_ACTIVITY_STATE_SCHEDULED of the engine's API: in the task queue, or in the pause before its repetition. */
const SCHEDULED = 1;

/** Whether an activity could be under way and is in the task queue still. */
export function isDue({ state, scheduledTime, nextAttemptScheduleTime }: PendingActivity): boolean {
  return Number(state) === SCHEDULED && millis(nextAttemptScheduleTime ?? scheduledTime) <= Date.now();
}

async function activityText(client: Client, story: Story, activity: PendingActivity): Promise<string> {
  const nextAtMs = millis(activity.nextAttemptScheduleTime);
  const next = nextAtMs === 0 ? '' : `; next at ${isoOf(nextAtMs)}`;
  const said = await failureMessage(client, activity.lastFailure);
  const last = said ? ` (last: ${shorten(said)})` : '';
  switch (activity.activityType?.name) {
    case 'submitMovie':
      return submittingText(client, story, activity);
    case 'findMovie':
      return `a look in the provider's list${last}${next}`;
    case 'claimMovie':
      return `a named project is read at the provider${last}${next}`;
    default:
      return `a status check at the provider${last}${next}`;
  }
}

/** Told at night, after a worker died: what may have left, and when the engine notices. */
async function submittingText(
  client: Client,
  { attempts, submitTimeoutMs }: Story,
  activity: PendingActivity,
): Promise<string> {
  const name = `submission ${attempts}`;
  if (millis(activity.lastStartedTime) === 0) return `${name}, as soon as a worker takes it`;
  const [details] = await decodeArrayFromPayloads(
    client.options.loadedDataConverter,
    activity.heartbeatDetails?.payloads,
  );
  const isSending = isJsonObject(details) && details['sending'] === true;
  const whatIf = isSending
    ? 'it may be accepted already, so that the provider is asked before anything is sent again'
    : 'nothing was sent yet, so that it is simply tried again';
  const startedMs = millis(activity.lastStartedTime);
  const byMs = startedMs + submitTimeoutMs;
  return `${name} is under way since ${isoOf(startedMs)}, until ${isoOf(byMs)} at the latest; if its worker falls silent: ${whatIf}`;
}

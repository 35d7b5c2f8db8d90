import type { Client, WorkflowHandle } from '@temporalio/client';
import { eventId } from '../events/body.js';
import type { EventType, SentEvent } from '../render/event.js';
import { askEngine } from '../temporal/ask-engine.js';
import { decodePayload, failureMessage } from '../temporal/decode.js';
import { isNotFound } from '../temporal/engine-errors.js';
import { membersOf } from '../text/json.js';
import { shorten } from '../text/text.js';
import { wasEndedFromOutside } from './after-run.js';
import { replayId, sendersOf, sentRequest } from './events.js';
import { millis } from './history.js';

/** An event on its way to one receiver. */
export interface Delivery {
  /** The event's ID, header `webhook-id`. */
  readonly id: string;
  readonly type: EventType;
  /** Name of a destination, or an address that the call gave. */
  readonly to: string;
  readonly state: 'sending' | 'delivered' | 'undelivered';
  /** Begin of the sending, ISO 8601 UTC. */
  readonly at: string;
  /** True if somebody had it sent again. */
  readonly isReplay: boolean;
  /** Attempts so far; absent if that is not recorded. */
  readonly attempts?: number;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** The fault of the last attempt. */
  readonly message?: string;
}

/** Reads what has become of the events of a key or a budget, the newest sending first. One without events has none. */
export async function readDeliveries(
  client: Client,
  key: string,
  of: 'render' | 'budget' = 'render',
): Promise<readonly Delivery[]> {
  return askEngine(client, key, async () => {
    const senders = await sendersOf(client, key, of);
    const first = (await Promise.all(senders.map((id) => sentBy(client, id, false)))).flat();
    const replays = new Set(first.map(({ id, to }) => replayId(id, to)));
    const again = await Promise.all([...replays].map((id) => sentBy(client, id, true)));
    return [...first, ...again.flat()].toSorted((one, other) => other.at.localeCompare(one.at));
  });
}

/** Returns the events that a receiver has not got: the last sending of each has failed. */
export function undeliveredOf(deliveries: readonly Delivery[]): readonly Delivery[] {
  const newest = new Map<string, Delivery>();
  for (const each of deliveries.toReversed()) newest.set(replayId(each.id, each.to), each);
  return [...newest.values()].filter(({ state }) => state === 'undelivered');
}

type Event = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];
type End = Pick<Delivery, 'state' | 'attempts' | 'status' | 'message'>;

/** Reads the deliveries of one workflow; none if the engine does not know it. */
async function sentBy(client: Client, workflowId: string, isReplay: boolean): Promise<Delivery[]> {
  const { namespace } = client.options;
  const handle = client.workflow.getHandle(workflowId);
  try {
    const { events } = await handle.fetchHistory();
    const ends = await endsIn(client, handle, events ?? []);
    const deliveries: Delivery[] = [];
    for (const { eventId: id, eventTime, activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
      if (scheduled?.activityType?.name !== 'sendEvent') continue;
      const sent = sentRequest(await decodePayload(client, scheduled.input?.payloads));
      const [target] = sent?.notify ?? [];
      if (sent === undefined || target === undefined) continue;
      deliveries.push({
        id: eventId(namespace, sent.event),
        type: sent.event.type,
        to: typeof target === 'string' ? target : target.url,
        at: new Date(millis(eventTime)).toISOString(),
        isReplay,
        ...(ends.get(String(id)) ?? { state: 'sending' }),
      });
    }
    return deliveries;
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}

/** Reads how the activities of a workflow stand, by the ID of the event that scheduled them. */
async function endsIn(
  client: Client,
  handle: WorkflowHandle,
  events: readonly Event[],
): Promise<ReadonlyMap<string, End>> {
  const ends = new Map<string, End>();
  for (const event of events) {
    const done = event.activityTaskCompletedEventAttributes;
    const failed = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
    if (done) {
      const { status, attempts } = membersOf<SentEvent>(await decodePayload(client, done.result?.payloads));
      ends.set(String(done.scheduledEventId), {
        state: 'delivered',
        ...(typeof attempts === 'number' ? { attempts } : {}),
        ...(typeof status === 'number' ? { status } : {}),
      });
    }
    if (failed) {
      const message = await failureMessage(client, failed.failure);
      ends.set(String(failed.scheduledEventId), { state: 'undelivered', ...worded(message) });
    }
  }
  const sender = await handle.describe();
  if (wasEndedFromOutside(sender)) {
    for (const { eventId: id, activityTaskScheduledEventAttributes: scheduled } of events) {
      const isOver = !scheduled || ends.has(String(id));
      if (!isOver)
        ends.set(String(id), { state: 'undelivered', message: 'its workflow was ended from outside' });
    }
    return ends;
  }
  for (const { activityId, attempt, lastFailure } of sender.raw.pendingActivities ?? []) {
    const scheduled = events.find(
      ({ activityTaskScheduledEventAttributes: each }) => each?.activityId === activityId,
    );
    const message = await failureMessage(client, lastFailure);
    ends.set(String(scheduled?.eventId), { state: 'sending', attempts: Number(attempt), ...worded(message) });
  }
  return ends;
}

function worded(message: string | undefined): Pick<Delivery, 'message'> {
  return message === undefined ? {} : { message: shorten(message) };
}

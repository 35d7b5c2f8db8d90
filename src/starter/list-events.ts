import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { EVENT_TYPES, type EventMemo, type EventType } from '../render/event.js';
import { membersOf } from '../text/json.js';
import { ATTRIBUTES, WORKFLOWS } from '../workflows/messages.js';
import { type Delivery, readDeliveries, undeliveredOf } from './deliveries.js';

/** The delivery of one event, to all of its destinations. */
export interface ListedEvent {
  /** The key of the render, or the name of the budget. */
  readonly key: string;
  readonly type: EventType;
  readonly state: 'sending' | 'delivered' | 'undelivered';
  readonly startedAt: string;
  readonly closedAt?: string;
  /** ID of the workflow that sends it. */
  readonly workflowId: string;
}

/** Conditions on the events of a list, by the start of their delivery. */
export interface EventFilter {
  /** Only events that a receiver has not got; those that a replay has delivered are left out. */
  readonly undelivered?: boolean | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
}

/** Given up for one receiver, or ended from outside. */
const UNDELIVERED =
  '(RenderState="undelivered" OR ExecutionStatus IN ("Failed", "Canceled", "Terminated", "TimedOut"))';

/** Lists the deliveries of events, the newest first as the engine's index has them. */
export async function* listEvents(
  client: Client,
  { undelivered = false, since, until }: EventFilter = {},
): AsyncGenerator<ListedEvent> {
  const conditions = [
    `WorkflowType IN ("${WORKFLOWS.after}", "${WORKFLOWS.announce}")`,
    ...(undelivered ? [UNDELIVERED] : []),
    ...(since === undefined ? [] : [`StartTime>="${since.toISOString()}"`]),
    ...(until === undefined ? [] : [`StartTime<"${until.toISOString()}"`]),
  ];
  const replays = new Replays(client);
  for await (const run of client.workflow.list({ query: conditions.join(' AND ') })) {
    const event = listedEvent(run);
    if (event === undefined || (undelivered && (await replays.delivered(event)))) continue;
    yield event;
  }
}

/** What was sent again; each key is read once. */
class Replays {
  readonly #client: Client;
  readonly #known = new Map<string, Promise<readonly Delivery[]>>();

  constructor(client: Client) {
    this.#client = client;
  }

  /** True if all receivers have got an event that at first was not delivered. */
  async delivered({ key, type }: ListedEvent): Promise<boolean> {
    const of = type.startsWith('budget.') ? 'budget' : 'render';
    const id = JSON.stringify([of, key]);
    const deliveries = this.#known.get(id) ?? readDeliveries(this.#client, key, of);
    this.#known.set(id, deliveries);
    const own = (await deliveries).filter((each) => each.type === type);
    // One that ended before it sent anything has no delivery.
    return own.length > 0 && undeliveredOf(own).length === 0;
  }
}

function listedEvent({
  workflowId,
  memo,
  status,
  startTime,
  closeTime,
  typedSearchAttributes,
}: WorkflowExecutionInfo): ListedEvent | undefined {
  const { key, type, isSilent } = membersOf<EventMemo>(memo);
  if (isSilent === true) return undefined;
  const known = EVENT_TYPES.find((each) => each === type);
  if (typeof key !== 'string' || known === undefined) return undefined;
  const isOpen = status.name === 'RUNNING' && typedSearchAttributes.get(ATTRIBUTES.state) !== 'undelivered';
  return {
    key,
    type: known,
    state: isOpen ? 'sending' : status.name === 'COMPLETED' ? 'delivered' : 'undelivered',
    startedAt: startTime.toISOString(),
    ...(closeTime === undefined ? {} : { closedAt: closeTime.toISOString() }),
    workflowId,
  };
}

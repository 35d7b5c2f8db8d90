import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import { followDetailsOf } from '../render/details.js';
import { type Announcement, EVENT_UNDELIVERED } from '../render/event.js';
import type { NotifyTarget } from '../render/follow.js';
import { messageOf } from '../text/text.js';
import { ATTRIBUTES, eventsQueueOf } from './messages.js';
import { metrics } from './run-metrics.js';

/** Longer than all attempts of the schedule, with room for workers that are away or lack their configuration. */
const LONGEST = '30 days';

function showAlone({ states }: Deliveries): void {
  setCurrentDetails(followDetailsOf({ copy: { state: 'none' }, events: states }));
}

/** Sends events to the receivers of one render, each by an activity of its own that the engine retries. */
export class Deliveries {
  readonly #receivers: readonly NotifyTarget[];
  readonly #sending: Promise<void>[] = [];
  readonly #faults: string[] = [];
  readonly #onChange: (deliveries: Deliveries) => void;
  /** Events with their receivers, and what has become of each. */
  readonly states: { readonly name: string; state: string; isLost: boolean }[] = [];

  constructor(receivers: readonly NotifyTarget[], onChange: (deliveries: Deliveries) => void = showAlone) {
    this.#receivers = receivers;
    this.#onChange = onChange;
  }

  /** True if anybody is told. */
  get isWanted(): boolean {
    return this.#receivers.length > 0;
  }

  /** Begins to send an event to all receivers. */
  send(event: Announcement): void {
    for (const to of this.#receivers) {
      const sending = this.#sendTo(to, event);
      // A cancel is thrown by `ended`.
      sending.catch(() => undefined);
      this.#sending.push(sending);
    }
  }

  /**
   * Waits until every event was delivered or given up.
   *
   * @throws ApplicationFailure of type `EVENT_UNDELIVERED` if one was given up
   */
  async ended(): Promise<void> {
    await Promise.all(this.#sending);
    if (this.#faults.length === 0) return;
    throw ApplicationFailure.create({
      type: EVENT_UNDELIVERED,
      message: this.#faults.join('; '),
      nonRetryable: true,
    });
  }

  async #sendTo(to: NotifyTarget, event: Announcement): Promise<void> {
    const name = typeof to === 'string' ? to : new URL(to.url).host;
    const { sendEvent } = proxyActivities<Activities>({
      taskQueue: eventsQueueOf(workflowInfo().taskQueue),
      // One attempt takes 15 s; the worker has the rest for its own work.
      startToCloseTimeout: '30s',
      scheduleToCloseTimeout: LONGEST,
      retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
      summary: `Send event ${event.type} to ${name}`,
    });
    const shown = { name: `Event ${event.type} to ${name}`, state: 'on its way', isLost: false };
    this.states.push(shown);
    this.#onChange(this);
    try {
      const { status } = await sendEvent({ ...event, to });
      shown.state = status === undefined ? 'not wanted there' : `delivered, HTTP ${status}`;
      this.#onChange(this);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const message = messageOf(error instanceof ActivityFailure ? (error.cause ?? error) : error);
      Object.assign(shown, { state: `undelivered: ${message}`, isLost: true });
      this.#onChange(this);
      // Lists show it now: other receivers may take days more.
      if (this.#faults.length === 0)
        upsertSearchAttributes([{ key: ATTRIBUTES.state, value: 'undelivered' }]);
      this.#faults.push(`event ${event.type} to ${name}: ${message}`);
      metrics.undelivered(event.type);
      log.error('an event was not delivered', { type: event.type, destination: name, error: message });
    }
  }
}

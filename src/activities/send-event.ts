import { activityInfo, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { eventId } from '../events/body.js';
import { pauseAfter } from '../events/schedule.js';
import { EVENT_UNDELIVERED, type SendEventRequest, type SentEvent } from '../render/event.js';
import { membersOf } from '../text/json.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from '../temporal/still-waiting.js';

/** Pause after a failure on our side. */
const OWN_PAUSE_MS = 60_000;

/** Details of the heartbeat that counts attempts: the engine also counts those that a worker never made. */
interface Counted {
  readonly attempts: number;
}

/**
 * Creates the activity that delivers one event to one receiver. It makes one attempt and fails retryably until one
 * succeeds, so that days add nothing to the history.
 */
export function createSendEvent({ events, random = Math.random }: ActivityDependencies) {
  return async function sendEvent({ to, ...event }: SendEventRequest): Promise<SentEvent> {
    const context = Context.current();
    const { namespace } = context.client.options;
    const { attempts: before } = membersOf<Counted>(activityInfo().heartbeatDetails);
    const made = typeof before === 'number' ? before : 0;
    const id = eventId(namespace, event);
    if (events === undefined) {
      if (event.isOptional === true) return { id, attempts: 0 };
      throw stillWaiting(
        'this worker has no destinations: set RENDERONCE_EVENTS_URL or RENDERONCE_DESTINATIONS',
        OWN_PAUSE_MS,
      );
    }
    const attempt = await events.attempt(event, to, namespace);
    switch (attempt.end) {
      case 'delivered':
        return { id, status: attempt.status, attempts: made + 1 };
      case 'unwanted':
        return { id, attempts: made };
      case 'not made':
        context.heartbeat({ attempts: made } satisfies Counted);
        throw stillWaiting(attempt.message, OWN_PAUSE_MS);
      case 'refused':
        throw undelivered(`${attempt.message} (attempt ${made + 1})`);
      case 'failed': {
        const pauseMs = pauseAfter(made + 1, random, attempt.retryAfterMs);
        if (pauseMs === undefined) throw undelivered(`${attempt.message} (attempt ${made + 1}, the last)`);
        context.heartbeat({ attempts: made + 1 } satisfies Counted);
        throw stillWaiting(`${attempt.message} (attempt ${made + 1})`, pauseMs);
      }
    }
  };
}

function undelivered(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: EVENT_UNDELIVERED, message, nonRetryable: true });
}

import type { ActivityDependencies } from '../activities/dependencies.js';
import { Destinations, type EventSettings } from '../events/destinations.js';
import { createEventSender } from '../events/sender.js';

/** Returns what the activities need for all that follows a render. */
export function followingOf(
  { events }: { readonly events?: EventSettings | undefined },
  onAttempt: Parameters<typeof createEventSender>[0]['onAttempt'],
): {
  readonly dependencies: Pick<ActivityDependencies, 'follow' | 'events'>;
  readonly close: () => Promise<void>;
} {
  if (events === undefined) return { dependencies: {}, close: () => Promise.resolve() };
  const destinations = new Destinations(events);
  const { allowPrivate = false } = events;
  const sender = createEventSender({ destinations, allowPrivate, now: Date.now, onAttempt });
  const follow = { keep: false, notify: destinations.byDefault };
  return { dependencies: { follow, events: sender }, close: () => sender.close() };
}

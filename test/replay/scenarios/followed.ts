import type { EventSender } from '../../../src/events/sender.js';
import { copyOf, DELIVERED, lost, type ScriptedFollowing } from '../../support/after-stage.js';
import { DONE, RUNNING, says } from '../../support/provider-setups.js';
import type { Scenario } from './scenario.js';

const HOUR_MS = 3_600_000;

const delivers: EventSender['attempt'] = async () => DELIVERED;
const keeps: ScriptedFollowing['keep'] = async (request) => copyOf(request);

/** Follows as a worker with a store and a destination does; what is given differs. */
const followed = (other: Partial<ScriptedFollowing> = {}): ScriptedFollowing => ({
  follow: () => ({ keep: true, notify: ['default'] }),
  attempt: delivers,
  keep: keeps,
  ...other,
});

/** A receiver that answers 500 to the first attempts. */
function failsFor(attempts: number): EventSender['attempt'] {
  let made = 0;
  return async () => {
    made += 1;
    return made > attempts ? DELIVERED : { end: 'failed', message: 'HTTP 500' };
  };
}

/** Renders that something follows. */
export const FOLLOWED_SCENARIOS: readonly Scenario[] = [
  {
    name: 'followed-kept-and-reported',
    end: 'done',
    given: [says([[20, RUNNING]], DONE)],
    follows: () =>
      followed({ follow: () => ({ keep: true, notify: ['default', 'shop'] }), attempt: failsFor(3) }),
  },
  {
    name: 'followed-kept-after-report',
    end: 'done',
    given: [says([[20, RUNNING]], DONE)],
    follows: (currentTimeMs) => {
      let firstMs = 0;
      return followed({
        keep: async (request) => {
          firstMs ||= await currentTimeMs();
          if ((await currentTimeMs()) < firstMs + HOUR_MS) throw new Error('HTTP 503');
          return copyOf(request);
        },
      });
    },
  },
  {
    name: 'followed-lost-and-undelivered',
    end: 'done',
    given: [says([[20, RUNNING]], DONE)],
    follows: () =>
      followed({
        keep: async () => {
          throw lost('the provider answers 404');
        },
        attempt: async () => ({ end: 'refused', message: 'HTTP 410' }),
      }),
  },
  {
    name: 'followed-by-late-video',
    end: 'timed-out',
    options: { renderTimeoutSeconds: 600 },
    given: [says([[5 * 3_600, RUNNING]], DONE)],
    follows: () => followed(),
  },
];

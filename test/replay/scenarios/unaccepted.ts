import { withMark } from '../../../src/movie/movie.js';
import { until } from '../../support/until.js';
import { CARD } from '../../support/stage.js';
import { cancelAfter, cancelRequested } from './acts.js';
import {
  handshakeAtGate,
  lost,
  meets,
  meetsOften,
  refused,
  type Setup,
} from '../../support/provider-setups.js';
import type { Scenario } from './scenario.js';

/** The provider holds a movie with this key that is not ours. */
const holdsAnother: Setup = (provider, _gate, mark) =>
  provider.accept(withMark(CARD, { ...mark, fingerprint: 'e'.repeat(64) }));

/** Renders of which nothing was accepted. */
export const UNACCEPTED_SCENARIOS: readonly Scenario[] = [
  {
    name: 'rejected-by-provider',
    end: 'rejected',
    failure: 'MovieRejected',
    given: [meets(refused(400, 'Movie has no scenes'))],
  },
  {
    name: 'rejected-after-patience',
    end: 'rejected',
    failure: 'MovieRejected',
    options: { submitPatienceSeconds: 20 },
    given: [meetsOften(20, refused(400, 'Insufficient credits'))],
  },
  {
    name: 'rejected-options-invalid',
    end: 'rejected',
    failure: 'MovieRejected',
    options: { pollSeconds: 0 },
  },
  {
    name: 'reused-key',
    end: 'rejected',
    failure: 'IdempotencyKeyReused',
    given: [holdsAnother, meets(lost)],
  },
  {
    name: 'canceled-before-sending',
    end: 'cancelled',
    failure: 'RenderCancelled',
    restart: { lookUntilSeconds: 3_600 },
    happens: cancelAfter(20),
  },
  {
    name: 'canceled-before-the-fence',
    end: 'cancelled',
    failure: 'RenderCancelled',
    given: [handshakeAtGate],
    happens: async ({ handle, gate }) => {
      await until('the submission is under way', async () => {
        const { raw } = await handle.describe();
        return (raw.pendingActivities ?? []).some((activity) => activity.lastStartedTime);
      });
      await handle.cancel();
      await cancelRequested(handle);
      gate.open();
    },
  },
  {
    name: 'canceled-while-waiting',
    end: 'cancelled',
    failure: 'RenderCancelled',
    given: [meetsOften(20, refused(429, 'slow down'))],
    happens: cancelAfter(4),
  },
];

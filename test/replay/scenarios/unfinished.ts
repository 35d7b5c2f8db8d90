import { until } from '../../support/until.js';
import { cancelAfter, cancelRequested } from './acts.js';
import {
  ERROR,
  GONE,
  lost,
  meets,
  MISSING,
  replyAtGate,
  RUNNING,
  says,
  takenButLost,
  UNREADABLE,
} from '../../support/provider-setups.js';
import type { Scenario } from './scenario.js';

/** Accepted renders that end without a video, and cancels of all kinds. */
export const UNFINISHED_SCENARIOS: readonly Scenario[] = [
  { name: 'failed-by-error', end: 'failed', given: [says([[30, RUNNING]], ERROR)] },
  { name: 'failed-file-gone', end: 'failed', given: [says([[30, RUNNING]], GONE)] },
  { name: 'failed-project-not-found', end: 'failed', given: [says([], MISSING)] },
  {
    name: 'timed-out',
    end: 'timed-out',
    options: { renderTimeoutSeconds: 600 },
    given: [says([], RUNNING)],
  },
  {
    name: 'timed-out-unreadable',
    end: 'timed-out',
    webhooks: true,
    options: { renderTimeoutSeconds: 600 },
    given: [says([], UNREADABLE)],
  },
  {
    name: 'cancelled-while-rendering',
    end: 'cancelled',
    given: [says([], RUNNING)],
    happens: cancelAfter(20),
  },
  {
    name: 'cancelled-while-sending',
    end: 'cancelled',
    given: [replyAtGate, says([], RUNNING)],
    happens: async ({ provider, handle, gate }) => {
      await until('the movie is accepted', () => provider.accepted.length === 1);
      await handle.cancel();
      await cancelRequested(handle);
      gate.open();
    },
  },
  {
    name: 'cancelled-in-doubt-found',
    end: 'cancelled',
    given: [takenButLost(60), says([], RUNNING)],
    happens: cancelAfter(2),
  },
  {
    name: 'canceled-in-doubt-absent',
    end: 'cancelled',
    failure: 'RenderCancelled',
    given: [meets(lost)],
    happens: cancelAfter(2),
  },
];

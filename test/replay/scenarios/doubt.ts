import { withMark } from '../../../src/movie/movie.js';
import { CARD } from '../../support/stage.js';
import { cancelAfter, hintAfter, resetWhileRendering } from './acts.js';
import {
  handshakeAtGate,
  lost,
  meets,
  replyAtGate,
  rendersOn,
  takenButLost,
  type Setup,
} from '../../support/provider-setups.js';
import type { Scenario } from './scenario.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The provider holds the movie of this very render, from a run before. */
const holdsOurs: Setup = (provider, _gate, mark) => provider.accept(withMark(CARD, mark));

/** Submissions in doubt. */
const IN_DOUBT: readonly Scenario[] = [
  { name: 'adopted-by-look', end: 'done', given: [takenButLost()] },
  { name: 'adopted-by-last-look', end: 'done', webhooks: true, given: [takenButLost(100)] },
  { name: 'adopted-by-hint', end: 'done', webhooks: true, given: [takenButLost(DAY)], happens: hintAfter(2) },
  {
    name: 'adopted-after-hint-about-another',
    end: 'done',
    webhooks: true,
    given: [takenButLost(20)],
    happens: hintAfter(2, 'somebody-elses-00'),
  },
  { name: 'resubmitted-accepted', end: 'done', given: [meets(lost)] },
  {
    name: 'refused-after-silence',
    end: 'done',
    options: { submitTimeoutSeconds: 10 },
    given: [handshakeAtGate],
  },
  {
    name: 'adopted-after-silence',
    end: 'done',
    options: { submitTimeoutSeconds: 10 },
    given: [replyAtGate],
  },
];

/** Submissions that no look settled. */
const HELD: readonly Scenario[] = [
  { name: 'held-found-by-look', end: 'done', options: { resubmissions: 0 }, given: [takenButLost(2 * HOUR)] },
  {
    name: 'held-found-by-hint',
    end: 'done',
    options: { resubmissions: 0 },
    given: [takenButLost(DAY), rendersOn],
    happens: hintAfter(HOUR),
  },
  { name: 'held-after-second-doubt', end: 'done', given: [meets(lost), takenButLost(2 * HOUR)] },
  {
    name: 'held-abandoned-by-cancel',
    end: 'abandoned',
    failure: 'RenderAbandoned',
    options: { resubmissions: 0 },
    given: [meets(lost)],
    happens: cancelAfter(HOUR),
  },
];

/** Runs that follow another one. */
const AGAIN: readonly Scenario[] = [
  { name: 'restart-found', end: 'done', restart: { lookUntilSeconds: 600 }, given: [holdsOurs] },
  { name: 'restart-absent', end: 'done', restart: { lookUntilSeconds: 600 } },
  {
    name: 'reset-to-first-task',
    end: 'done',
    engine: 'real',
    webhooks: true,
    happens: resetWhileRendering('first'),
  },
  {
    name: 'reset-to-last-task',
    end: 'done',
    engine: 'real',
    webhooks: true,
    happens: async (run) => {
      await resetWhileRendering('last')(run);
      await hintAfter(0)(run);
    },
  },
];

export const DOUBT_SCENARIOS: readonly Scenario[] = [...IN_DOUBT, ...HELD, ...AGAIN];

import { decideAfter } from './acts.js';
import { lost, meets, refused, rendersOn, takenButLost, type Setup } from '../../support/provider-setups.js';
import type { Scenario } from './scenario.js';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const PROJECT = 'project000000001';

/** A movie that carries no mark of ours. */
const holdsBare: Setup = (provider) => provider.accept({}, DAY * 1_000);

/** Submissions in doubt about which a person decides. */
export const DECIDED_SCENARIOS: readonly Scenario[] = [
  {
    name: 'resolved-by-adopt-in-doubt',
    end: 'done',
    given: [takenButLost(DAY)],
    happens: decideAfter(2, { action: 'adopt', project: PROJECT }),
  },
  {
    name: 'resolved-by-adopt-held',
    end: 'done',
    options: { resubmissions: 0 },
    given: [takenButLost(DAY), rendersOn],
    happens: decideAfter(HOUR, { action: 'adopt', project: PROJECT }),
  },
  {
    name: 'resolved-by-adopt-after-refusal',
    end: 'done',
    options: { resubmissions: 0 },
    given: [holdsBare, meets(lost), rendersOn],
    happens: decideAfter(
      HOUR,
      { action: 'adopt', project: PROJECT },
      { action: 'adopt', project: PROJECT, force: true },
    ),
  },
  {
    name: 'resolved-by-resubmit',
    end: 'done',
    options: { resubmissions: 0 },
    given: [meets(lost)],
    happens: decideAfter(HOUR, { action: 'resubmit' }),
  },
  {
    name: 'resolved-by-resubmit-that-finds-it',
    end: 'done',
    options: { resubmissions: 0 },
    given: [takenButLost(HOUR - 60), rendersOn],
    happens: decideAfter(HOUR - 30, { action: 'resubmit' }),
  },
  {
    name: 'resubmitted-by-force-then-rejected',
    end: 'done',
    given: [takenButLost(60), meets(refused(400, 'Movie has no scenes'))],
    happens: decideAfter(2, { action: 'resubmit' }, { action: 'resubmit', force: true }),
  },
  {
    name: 'resolved-by-abandon',
    end: 'abandoned',
    failure: 'RenderAbandoned',
    options: { resubmissions: 0 },
    given: [meets(lost)],
    happens: decideAfter(HOUR, { action: 'abandon' }),
  },
];

import type { CrashCell, PointName, Second } from './cell.js';
import type { Random } from '../support/random.js';
import { pick } from '../support/random.js';

type SecondPoint = Second['point'];

const AFTER_ACCEPTANCE: readonly SecondPoint[] = [
  'poll waiting',
  'hint recorded',
  'poll in flight',
  'poll reply read',
  'result computed',
];
const LOOKS: readonly SecondPoint[] = ['before a look', 'after a look'];
const SENDING: readonly SecondPoint[] = [
  'before the fence',
  'bytes partly sent',
  'sent, not accepted',
  'accepted, reply not read',
  'reply read, not returned',
  'returned, not recorded',
  'completion recorded',
];

/** Where a render passes on its way back from a first crash: a crash there is one during a recovery. */
export const RECOVERIES: readonly { readonly from: PointName; readonly to: readonly SecondPoint[] }[] = [
  { from: 'before the first task', to: SENDING },
  { from: 'before the fence', to: SENDING },
  { from: 'fence passed', to: LOOKS },
  { from: 'bytes partly sent', to: LOOKS },
  { from: 'sent, not accepted', to: [...LOOKS, 'sent, not accepted'] },
  { from: 'accepted, reply not read', to: [...LOOKS, ...AFTER_ACCEPTANCE] },
  { from: 'reply read, not returned', to: [...LOOKS, ...AFTER_ACCEPTANCE] },
  { from: 'returned, not recorded', to: [...LOOKS, ...AFTER_ACCEPTANCE] },
  { from: 'completion recorded', to: AFTER_ACCEPTANCE },
];

/** A stopped worker would go on beside the next one, and take keys past the second barrier. */
export const KILLS = ['kill', 'term'] as const;

/** A crash, and one during the recovery from it. */
export function drawPair(random: Random): Omit<CrashCell, 'cases'> {
  const { from, to } = pick(random, RECOVERIES);
  const mode = pick(random, KILLS);
  const second = { point: pick(random, to), mode: pick(random, KILLS) };
  return { point: from, mode, second };
}

import type { PointName } from '../cell.js';
import { LOOK_POINTS } from './look.js';
import type { Point } from './point.js';
import { START_POINTS } from './start.js';
import { SUBMIT_POINTS } from './submit.js';
import { WAIT_POINTS } from './wait.js';

/** Where a worker can be struck; the one point that is not here is the starter's. */
export const WORKER_POINTS: Readonly<Record<Exclude<PointName, 'start accepted, reply lost'>, Point>> = {
  ...START_POINTS,
  ...LOOK_POINTS,
  ...SUBMIT_POINTS,
  ...WAIT_POINTS,
};

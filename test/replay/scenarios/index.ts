import { DECIDED_SCENARIOS } from './decided.js';
import { DONE_SCENARIOS } from './done.js';
import { DOUBT_SCENARIOS } from './doubt.js';
import { FOLLOWED_SCENARIOS } from './followed.js';
import { UNACCEPTED_SCENARIOS } from './unaccepted.js';
import { UNFINISHED_SCENARIOS } from './unfinished.js';

/** Every end that a render can reach, and the ways there that leave a history of their own. */
export const SCENARIOS = [
  ...DONE_SCENARIOS,
  ...UNFINISHED_SCENARIOS,
  ...DOUBT_SCENARIOS,
  ...DECIDED_SCENARIOS,
  ...UNACCEPTED_SCENARIOS,
  ...FOLLOWED_SCENARIOS,
];

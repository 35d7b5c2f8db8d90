import { BUGS_OF_BELIEF } from './bugs-of-belief.js';
import { BUGS_OF_DOUBT } from './bugs-of-doubt.js';
import { BUGS_OF_SUBMITTING } from './bugs-of-submitting.js';
import { BUGS_OF_WAITING } from './bugs-of-waiting.js';
import { BUGS_OF_WIRE } from './bugs-of-wire.js';
import type { Bug } from './control.js';
import { OTHER_BUGS } from './other-bugs.js';
import { BUGS_OF_STARTING } from './starter-bugs.js';

/** The bugs that pay twice, or tell another end than the provider's. */
export const SIXTEEN_BUGS: readonly Bug[] = [...BUGS_OF_SUBMITTING, ...BUGS_OF_WAITING];

/** With those against the invariants that the sixteen leave alone. */
export const BUGS: readonly Bug[] = [
  ...SIXTEEN_BUGS,
  ...BUGS_OF_DOUBT,
  ...BUGS_OF_BELIEF,
  ...BUGS_OF_STARTING,
  ...BUGS_OF_WIRE,
  ...OTHER_BUGS,
];

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { projects } from './test/support/projects.js';

/** `npm run test:thorough`: what `npm test` leaves out. */
export default defineConfig({
  test: { sequence: { sequencer: LongestFirst }, projects: projects('thorough') },
});

import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';
import { projects } from './test/support/projects.js';

/** `npm test`: each promise, in minutes. */
export default defineConfig({
  test: { sequence: { sequencer: LongestFirst }, projects: projects('short') },
});

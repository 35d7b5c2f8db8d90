import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

/**
 * Four files at a time: they start engines and child processes, on two cores, but wait much of the time. Files of one
 * project share processes, since loading the SDK takes longer than many a file. A worker thread cannot host Temporal's
 * native core, so the pool is forks.
 */
const withProcesses = {
  pool: 'forks',
  maxWorkers: 4,
  isolate: false,
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;

/** The workflow is bundled once, and its worker runs in the test's own process. */
const withWorkflow = {
  ...withProcesses,
  globalSetup: 'test/support/global-setup.ts',
  setupFiles: 'test/support/quiet-runtime.ts',
} as const;

/** Compiled code, also with a bug planted, is run as it is. */
const withCompiled = { server: { deps: { external: [/\/renderonce-planted-/, /\/dist\//] } } };

/** Quick tests come first, then all others, the longest file first. */
const project = (name: string, extra: object = withProcesses) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    sequence: { groupOrder: name === 'unit' ? 1 : 2 },
    ...extra,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Properties are tried on hundreds of cases, on a machine that may be busy.
      project('unit', { testTimeout: 30_000, isolate: false }),
      project('workflow', withWorkflow),
      project('replay', withWorkflow),
      project('engine-binary'),
      project('engine'),
      project('receiver'),
      project('security'),
      project('fault', {
        ...withProcesses,
        ...withCompiled,
        // Cells wait, too, above all for settle windows.
        maxConcurrency: 4,
        setupFiles: 'test/support/quiet-runtime.ts',
      }),
      project('fake'),
      project('examples'),
      project('browser'),
      project('monitoring'),
    ],
  },
});

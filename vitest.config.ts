import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

/**
 * Four files at a time: they start engines and child processes, on two cores, but wait much of the time. Files of one
 * project share processes, since loading the SDK takes longer than many a file; so there are few projects. A worker
 * thread cannot host Temporal's native core, so the pool is forks.
 */
const project = (name: string, folders: readonly string[], extra: object = {}) => ({
  test: {
    name,
    include: folders.map((folder) => `${folder}/**/*.test.ts`),
    pool: 'forks' as const,
    maxWorkers: 4,
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    ...extra,
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      // Properties are tried on hundreds of cases, on a machine that may be busy.
      project('quick', ['test/unit', 'packages/json2video-local/test/unit'], { testTimeout: 30_000 }),
      // The workflow is bundled once, and its worker runs in the test's own process.
      project('workflow', ['test/workflow', 'test/replay'], { globalSetup: 'test/support/global-setup.ts' }),
      project(
        'processes',
        [
          'engine-binary',
          'engine',
          'receiver',
          'http',
          'console',
          'keep',
          'security',
          'fault',
          'examples',
        ].map((folder) => `test/${folder}`),
        {
          // Compiled code, also with a bug planted, is run as it is.
          server: { deps: { external: [/\/renderonce-planted-/, /\/build\//, /\/dist\//] } },
          // Cells wait, too, above all for settle windows.
          maxConcurrency: 8,
          globalSetup: 'test/support/engine-setup.ts',
        },
      ),
      // These need more than Node and Python.
      project('browser', ['test/browser', 'packages/json2video-local/test/browser']),
      project('monitoring', ['test/monitoring'], { globalSetup: 'test/support/engine-setup.ts' }),
    ],
  },
});

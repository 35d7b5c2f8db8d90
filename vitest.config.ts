import { defineConfig } from 'vitest/config';

/**
 * Engines and child processes share two cores, so files run one after the other; a worker thread cannot host
 * Temporal's native core, so the pool is forks.
 */
const withProcesses = {
  pool: 'forks',
  fileParallelism: false,
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

let projects = 0;

/** Projects run one after the other, in the order in which they are listed. */
const project = (name: string, extra: object = {}) => {
  projects += 1;
  return {
    test: { name, include: [`test/${name}/**/*.test.ts`], sequence: { groupOrder: projects }, ...extra },
  };
};

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('workflow', withWorkflow),
      project('replay', withWorkflow),
      project('engine-binary', withProcesses),
      project('engine', withProcesses),
      project('receiver', withProcesses),
      project('security', withProcesses),
      // Cells wait for most of their time, above all for settle windows: six keep two cores busy.
      project('fault', {
        ...withProcesses,
        ...withCompiled,
        maxConcurrency: 6,
        setupFiles: 'test/support/quiet-runtime.ts',
      }),
      project('fake', withProcesses),
      project('examples', withProcesses),
      project('browser', withProcesses),
    ],
  },
});

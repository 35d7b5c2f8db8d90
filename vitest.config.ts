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

const project = (name: string, extra: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
});

export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('workflow', { ...withProcesses, globalSetup: 'test/support/global-setup.ts' }),
      project('engine-binary', withProcesses),
      project('engine', withProcesses),
      project('fake', withProcesses),
    ],
  },
});

import { defineConfig } from 'vitest/config';

/** `npm run test:cluster`: a Temporal server on Postgres. */
export default defineConfig({
  test: {
    name: 'cluster',
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: 'test/cluster/global-setup.ts',
    pool: 'forks',
    // Each file has a cluster of its own, and two of them fill two cores.
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});

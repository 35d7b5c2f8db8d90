import { defineConfig } from 'vitest/config';

/** `npm run golden`: records the histories of this version. */
export default defineConfig({
  test: {
    include: ['test/replay/record.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    globalSetup: 'test/support/global-setup.ts',
  },
});

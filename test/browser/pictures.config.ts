import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: the tests of the Temporal UI and of the console, whose pictures are kept. */
export default defineConfig({
  test: {
    include: ['test/browser/temporal-ui.test.ts', 'test/console/console.test.ts'],
    globalSetup: 'test/support/engine-setup.ts',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 180_000,
    provide: { pictures: fileURLToPath(new URL('../../docs/screenshots', import.meta.url)) },
  },
});

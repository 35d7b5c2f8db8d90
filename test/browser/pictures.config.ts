import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `npm run screenshots`: the test of the Temporal UI, whose pictures are kept. */
export default defineConfig({
  test: {
    include: ['test/browser/temporal-ui.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 180_000,
    provide: { pictures: fileURLToPath(new URL('../../docs/screenshots', import.meta.url)) },
  },
});

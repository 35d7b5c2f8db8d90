import { configDefaults, type TestProjectConfiguration } from 'vitest/config';

/**
 * Files that `npm test` leaves to `npm run test:thorough`: processes are killed, many callers come at once, bugs are planted,
 * and each command, guide, package, language, store and kind of webhook is tried. They take most of the time, and a change
 * rarely breaks only them.
 */
const THOROUGH = [
  'test/browser/**/*.test.ts',
  'test/examples/**/*.test.ts',
  'test/fault/**/*.test.ts',
  'packages/json2video-local/test/browser/**/*.test.ts',
  'packages/json2video-local/test/unit/kill.property.test.ts',
  'packages/json2video-local/test/unit/third-party-client.test.ts',
  ...[
    'callers/apart',
    'callers/ends',
    'callers/orders',
    'callers/troubles',
    'console/console',
    'console/hostile',
    'console/hostile-renders',
    'console/speed',
    'console/ways',
    'engine-binary/guard',
    'engine/backup',
    'engine/budget-crowd',
    'engine/build-ids',
    'engine/budget-quotes',
    'engine/command-line',
    'engine/crashes',
    'engine/decision-races',
    'engine/deployments',
    'engine/dev',
    'engine/dev-restart',
    'engine/first-movie',
    'engine/follow-versions',
    'engine/frozen-worker',
    'engine/keys-again',
    'engine/last-checks',
    'engine/move',
    'engine/operator-commands',
    'engine/pinned-versions',
    'engine/provider-rate',
    'engine/races',
    'engine/resets-held',
    'engine/restore-again',
    'engine/restored-engine',
    'engine/submit-crashes',
    'engine/up',
    'engine/worker-lost',
    'http/crowd',
    'http/drop-in-clients',
    'http/fuzz',
    'keep/http-video',
    'keep/kept',
    'keep/memory',
    'keep/s3-faults',
    'keep/s3-store',
    'receiver/hints',
    'receiver/long-render',
    'receiver/outages',
    'replay/changed-workflow',
    'replay/month',
    'security/canary',
    'security/flood',
    'security/parsers',
    'workflow/switches',
  ].map((name) => `test/${name}.test.ts`),
];

/** Folders whose tests start processes: engines, workers, receivers and commands. */
const PROCESSES =
  'engine-binary engine callers receiver http console keep security monitoring fault examples'.split(' ');

const WAITED_IN_VAIN = /^waited \d+ ms in vain/;

/**
 * Returns the projects of one part of the tests. Files of one project share processes, since loading the SDK takes longer
 * than many a file; so there are few projects. A worker thread cannot host Temporal's native core, so the pool is forks.
 */
export function projects(part: 'short' | 'thorough'): TestProjectConfiguration[] {
  const project = (name: string, folders: readonly string[], extra: object = {}) => ({
    test: {
      name,
      include:
        part === 'short'
          ? folders.map((folder) => `${folder}/**/*.test.ts`)
          : THOROUGH.filter((file) => folders.some((folder) => file.startsWith(`${folder}/`))),
      exclude: [...configDefaults.exclude, ...(part === 'short' ? THOROUGH : [])],
      pool: 'forks' as const,
      // So many files at a time share two cores. The short ones mostly wait; the others start, kill and start again.
      maxWorkers: part === 'short' ? 6 : 3,
      isolate: false,
      testTimeout: 60_000,
      hookTimeout: 120_000,
      // Only the patience of `until` is given a second chance, as on a machine that was busy; a failed expectation never is.
      retry: { count: 1, condition: WAITED_IN_VAIN },
      ...extra,
    },
  });
  return [
    // Properties are tried on hundreds of cases, on a machine that may be busy.
    project('quick', ['test/unit', 'packages/json2video-local/test/unit'], { testTimeout: 30_000 }),
    // The workflow is bundled once, and its worker runs in the test's own process.
    project('workflow', ['test/workflow', 'test/replay'], { globalSetup: 'test/support/global-setup.ts' }),
    project(
      'processes',
      PROCESSES.map((folder) => `test/${folder}`),
      {
        // Compiled code, also with a bug planted, is run as it is.
        server: { deps: { external: [/\/renderonce-planted-/, /\/build\//, /\/dist\//] } },
        // Cells wait, too, above all for settle windows.
        maxConcurrency: part === 'short' ? 8 : 5,
        globalSetup: 'test/support/engine-setup.ts',
      },
    ),
    // These need Chromium.
    project('browser', ['test/browser', 'packages/json2video-local/test/browser']),
  ].filter(({ test }) => test.include.length > 0);
}

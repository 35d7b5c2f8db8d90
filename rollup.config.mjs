import { packageBundles } from './tools/package-bundles.mjs';

/** Rooms that many commands share and that load no package of weight: each is one file. */
const SHARED_ROOMS = ['text', 'render', 'movie', 'cli/print'];

export default [
  ...packageBundles({
    more: ['demo/callers'],
    apart: ['workflow'],
    together: (module) => SHARED_ROOMS.find((room) => module.startsWith(`${room}/`))?.replace('/', '-'),
  }),
  // A worker with a codec, or with stack traces, bundles the workflows itself, and so does a worker of a user's workflows:
  // they stand apart from all else.
  {
    input: Object.fromEntries(
      [
        'workflow',
        'workflows/index',
        'workflows/interceptors',
        'workflows/no-stack-traces',
        'codec/failure-converter',
      ].map((name) => [name, `build/${name}.js`]),
    ),
    external: (id) => id.startsWith('@temporalio/'),
    output: {
      dir: 'dist',
      format: 'es',
      entryFileNames: '[name].js',
      chunkFileNames: 'workflows/[name].js',
    },
  },
];

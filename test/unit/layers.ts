import { builtinModules } from 'node:module';

/** Where an import of each of our layers may point to, as a path from `src`. */
export const PLACES: Readonly<Record<string, string>> = {
  activities: 'activities/index.js',
  audit: 'audit/index.js',
  cli: 'cli/main.js',
  codec: 'codec/index.js',
  config: 'config.js',
  demo: 'demo/demo.js',
  engine: 'engine/index.js',
  fake: 'fake/index.js',
  index: 'index.js',
  json2video: 'json2video/client.js',
  receiver: 'receiver/index.js',
  render: 'render/text.js',
  starter: 'starter.js',
  temporal: 'temporal/connect.js',
  tracing: 'tracing.js',
  worker: 'worker.js',
  workflows: 'workflows/render-movie.js',
};

export interface Layer {
  /** The file that holds the imports, as a path from `src`. */
  readonly file: string;
  /** What it may not import, and what it may: layers, paths and packages. */
  readonly forbidden: readonly string[];
  readonly allowed: readonly string[];
}

/** Every module of Node, under both of its names. */
const NODE = builtinModules
  .map((name) => name.replace('node:', ''))
  .flatMap((name) => [name, `node:${name}`])
  .join(' ');
const NODE_WITHOUT_CRYPTO = NODE.replace(' node:crypto ', ' ');

/** Of workflows, the layers outside know the messages and nothing else, however similar its name. */
const WORKFLOWS_WITHOUT_MESSAGES = `workflows ../workflows/index.js ../workflows/submission.js ../workflows/hints.js
  ../workflows/m ../workflows/m.js ../workflows/me.js ../workflows/mention.js ../workflows/mess.js ../workflows/message.js
  ../workflows/messenger.js ../workflows/messages-more.js ../workflows/messages2.js ../workflows/messages/index.js
  ../workflows/messages.json ../workflows/messages.json.js ../workflows/messages.test.js ../workflows.js`;

const WORKER_PACKAGES = '@temporalio/worker @temporalio/activity @temporalio/core-bridge @temporalio/testing';

/** What no file of ours may import: our own files by another way than the shortest. */
const NOWHERE = `renderonce renderonce/worker renderonce/webhook renderonce/fake
  ../src/render/text.js ../../src/render/text.js`;

const NOT_FOR_FAKE = `activities audit cli codec config demo engine index json2video receiver starter temporal worker workflows`;

/** File, what it may not import beside `NOWHERE`, what it may: imports point one way. */
const TABLE: readonly (readonly [string, string, string])[] = [
  [
    'render/probe.ts',
    `activities audit cli codec config demo engine fake index json2video receiver starter temporal worker workflows
     ../starter/submit.js @temporalio/common @temporalio/client @temporalio/workflow @fastify/cors
     undici zod fastify pino pino-pretty commander protobufjs c n node can canon canonicaliz
     canonicalizer canonicalize/lib canonical-json
     node-fetch noderender nodemon crypt node:crypt node:cryptography node:crypto/promises
     ${NODE_WITHOUT_CRYPTO}`,
    './key.js ./fs.js node:crypto canonicalize',
  ],
  [
    'json2video/probe.ts',
    `activities audit cli codec config demo engine fake index receiver starter temporal worker workflows
     ../workflows/messages.js @temporalio/common`,
    './http-get.js render undici zod node:net',
  ],
  [
    'codec/probe.ts',
    `activities audit cli config demo engine fake index json2video receiver starter temporal worker workflows
     ${WORKER_PACKAGES} @temporalio/workflow`,
    './server.js ./index.js render fastify protobufjs node:crypto @temporalio/common',
  ],
  [
    'temporal/probe.ts',
    `activities audit cli codec config demo engine fake index json2video receiver starter worker workflows
     ${WORKER_PACKAGES} @temporalio/workflow`,
    './started-run.js ./index.js render @temporalio/client @temporalio/envconfig @temporalio/common',
  ],
  [
    'workflows/probe.ts',
    `activities audit cli codec config demo engine fake index json2video receiver starter temporal worker
     ../activities/find-movie.js ../render/fingerprint.js ${WORKER_PACKAGES}
     @temporalio/client @temporalio/envconfig @temporalio/common/lib/internal-non-workflow/index.js
     undici zod fastify pino commander canonicalize @fastify/cors ${NODE}`,
    './messages.js ./index.js ./fs.js render @temporalio/workflow @temporalio/common',
  ],
  [
    'activities/probe.ts',
    'audit cli codec config demo engine fake index receiver starter worker workflows ../workflows/messages.js',
    './find-movie.js ./index.js render json2video temporal @temporalio/activity',
  ],
  [
    'receiver/probe.ts',
    `activities audit cli codec config demo engine fake index starter temporal worker ${WORKFLOWS_WITHOUT_MESSAGES}`,
    './handler.js ./index.js render json2video ../workflows/messages.js fastify @temporalio/client',
  ],
  [
    'starter/probe.ts',
    `activities audit cli codec config demo engine fake index json2video receiver worker
     ${WORKFLOWS_WITHOUT_MESSAGES} ${WORKER_PACKAGES}`,
    './submit.js ./index.js render temporal ../workflows/messages.js @temporalio/client',
  ],
  [
    'starter.ts',
    `activities audit cli codec config demo engine fake index json2video receiver worker
     ${WORKFLOWS_WITHOUT_MESSAGES.replaceAll('../', './')} ${WORKER_PACKAGES}`,
    './starter/submit.js ./starter/index.js render temporal ./workflows/messages.js @temporalio/client',
  ],
  [
    'audit/probe.ts',
    `activities cli codec config demo engine fake index receiver temporal worker workflows
     ../workflows/messages.js @temporalio/client`,
    './group.js ./index.js render json2video starter ../starter/status.js',
  ],
  [
    'engine/probe.ts',
    `activities audit cli codec config demo fake index json2video receiver starter temporal worker workflows
     ../workflows/messages.js`,
    './pip.js ./index.js render node:child_process',
  ],
  [
    'fake/probe.ts',
    `${NOT_FOR_FAKE} ../json2video/movie-reply.js`,
    './world.js ./index.js ./routes/index.js render node:http',
  ],
  [
    'fake/routes/probe.ts',
    `${NOT_FOR_FAKE} ../../json2video/movie-reply.js`,
    './control.js ./index.js ../index.js ../world.js ../http/index.js render node:http',
  ],
  [
    'config.ts',
    'activities audit cli codec demo engine fake index json2video receiver starter temporal worker workflows',
    'render zod',
  ],
  [
    'probe.ts',
    'cli demo fake /home/renderonce/src/render/text.js',
    'activities engine starter worker zod renderonce-tools ./source/text.js',
  ],
  ['worker/probe.ts', 'cli demo fake', 'render @temporalio/worker'],
  ['worker.ts', 'cli demo fake', 'activities json2video render starter'],
  [
    'tracing.ts',
    `activities audit cli codec config demo engine fake index json2video receiver worker
     ${WORKFLOWS_WITHOUT_MESSAGES.replaceAll('../', './')} ${WORKER_PACKAGES}`,
    'render ./workflows/messages.js @opentelemetry/api @temporalio/client',
  ],
  ['index.ts', 'cli demo fake', 'codec starter render'],
  ['demo/probe.ts', 'cli', './table.js fake starter render'],
  ['cli/probe.ts', 'demo fake', './main.js ./demo.js ./fake.js audit codec config engine starter worker'],
  ['cli/fake.ts', '', 'fake'],
  ['cli/dev.ts', '', 'engine fake worker'],
  ['cli/demo.ts', '', 'demo fake'],
];

const wordsIn = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

export const LAYERS: readonly Layer[] = TABLE.map(([file, forbidden, allowed]) => ({
  file,
  forbidden: wordsIn(`${forbidden} ${NOWHERE}`),
  allowed: wordsIn(allowed),
}));

/** What a file writes to import a layer, a path or a package. */
export function specifierOf(target: string, file: string): string {
  const place = PLACES[target];
  if (place === undefined) return target;
  const levels = file.split('/').length - 1;
  return `${levels === 0 ? './' : '../'.repeat(levels)}${place}`;
}

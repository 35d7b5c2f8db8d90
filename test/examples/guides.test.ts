import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { findEngine } from '../../src/engine/index.js';
import { openCloudFront } from '../support/guide/cloud-front.js';
import { faultsOf, type Hands } from '../support/guide/reader.js';
import { lastingPort } from '../support/lasting-port.js';
import { BUILD } from '../support/compiled.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';
import { openUserProject, type UserProject } from './user-project.js';

expectNoProcessLeft();

const DOCS = new URL('../../docs/', import.meta.url);
const TUNNEL = fileURLToPath(new URL('../support/guide/tunnel.mjs', import.meta.url));

let stage: Stage;
let project: UserProject;
/** What the reader's commands find in their environment: the stage, and the programs of the guides by their names. */
let env: Record<string, string | undefined>;

beforeAll(async () => {
  [stage, project] = await Promise.all([
    openStage({ engine: 'memory', provider: { renderSeconds: 1 } }),
    openUserProject(),
  ]);
  const bin = join(project.folder, 'bin');
  await mkdir(bin);
  const program = async (name: string, ...command: string[]): Promise<void> => {
    await writeFile(join(bin, name), `#!/bin/sh\nexec "${process.execPath}" ${command.join(' ')} "$@"\n`);
    await chmod(join(bin, name), 0o755);
  };
  await program('renderonce', join(BUILD, 'cli/main.js'));
  for (const tunnel of ['cloudflared', 'ngrok', 'ssh']) await program(tunnel, TUNNEL, tunnel);
  await symlink((await findEngine({ env: process.env })).path, join(bin, 'temporal'));
  const { PATH, HOME } = process.env;
  const { RENDERONCE_TASK_QUEUE: _queue, TEMPORAL_NAMESPACE: _namespace, ...found } = stage.env;
  env = { HOME, ...found, PATH: `${bin}:${PATH}`, RENDERONCE_LOG_LEVEL: 'error' };
  await stage.hostWorker({ RENDERONCE_TASK_QUEUE: 'renderonce' });
}, 120_000);
afterAll(async () => {
  await project.close();
  await stage.close();
});

/** Does what a page of `docs` says, on the stage, and tells what is not as it says. */
async function faultsIn(name: string, hands: Partial<Hands> = {}): Promise<string[]> {
  const page = await readFile(new URL(name, DOCS), 'utf8');
  return faultsOf(page, { folder: project.folder, ...hands, env: { ...env, ...hands.env } });
}

test('everything is as operating.md says', async () => {
  const faults = await faultsIn('operating.md', { instead: { 'http://127.0.0.1:8233': stage.engine.uiUrl } });
  expect(faults).toEqual([]);
}, 120_000);

test('everything is as credits.md says', async () => {
  expect(await faultsIn('credits.md')).toEqual([]);
}, 120_000);

test('everything is as keys.md says', async () => {
  expect(await faultsIn('keys.md')).toEqual([]);
}, 120_000);

test('everything is as movies.md says', async () => {
  expect(await faultsIn('movies.md')).toEqual([]);
});

test('everything is as what-happens-when.md says', async () => {
  const faults = await faultsIn('what-happens-when.md', {
    instead: { 'http://127.0.0.1:8090': stage.fake.url },
  });
  expect(faults).toEqual([]);
  expect(await stage.fake.movies('order-1')).toHaveLength(1);
}, 120_000);

test('everything is as webhooks-in-development.md says, with stand-ins for the tunnels', async () => {
  const port = await lastingPort();
  const instead: Record<string, string> = {
    '8080': String(port),
    // Not loopback by its name, though it is: so the address of the receiver is judged.
    'https://api.json2video.com': stage.fake.url.replace('127.0.0.1', '0.0.0.0'),
  };
  const tunnelled = /(https:\/\/four-\S+) -> (\S+)/;
  const faults = await faultsIn('webhooks-in-development.md', {
    env: { RENDERONCE_LISTEN: `127.0.0.1:${port}`, RENDERONCE_TASK_QUEUE: 'webhooks' },
    instead,
    serving: (printed) => {
      const [, shown, actual] = tunnelled.exec(printed) ?? [];
      if (shown?.endsWith('trycloudflare.com') && actual !== undefined) instead[shown] = actual;
    },
  });
  expect(faults).toEqual([]);
}, 120_000);

test('everything is as temporal-cloud-and-self-hosted.md says, with a front that stands in for Cloud', async () => {
  const apiKey = 'an-api-key-of-temporal-cloud';
  const front = await openCloudFront(stage.engine.address, project.folder, apiKey);
  onTestFinished(() => front.close());
  const faults = await faultsIn('temporal-cloud-and-self-hosted.md', {
    env: {
      TEMPORAL_ADDRESS: undefined,
      NODE_EXTRA_CA_CERTS: front.certificateFile,
      // For Temporal's native core.
      SSL_CERT_FILE: front.certificateFile,
    },
    instead: {
      '127.0.0.1:7233': stage.engine.address,
      'eu-central-1.aws.api.temporal.io:7233': `localhost:${front.port}`,
      'videos.a1b2c.tmprl.cloud:7233': `127.0.0.1:${front.port}`,
    },
    before: {
      'When that is done': async () => {
        const set = await callCommand(['setup'], { ...stage.env, TEMPORAL_NAMESPACE: 'videos.a1b2c' });
        expect(set.code).toBe(0);
      },
    },
  });
  expect(faults).toEqual([]);
}, 120_000);

test('everything is as from-your-workflows.md says, and its files are the examples', async () => {
  const faults = await faultsIn('from-your-workflows.md', {
    before: { 'Try it': () => project.build() },
  });
  expect(faults).toEqual([]);
  for (const name of ['order-workflow.ts', 'order-worker.ts']) {
    const example = new URL(`../../examples/${name}`, import.meta.url);
    expect(await readFile(join(project.folder, name), 'utf8')).toBe(await readFile(example, 'utf8'));
  }
}, 120_000);

test('everything is as upgrading.md says', async () => {
  const faults = await faultsIn('upgrading.md', {
    env: { RENDERONCE_TASK_QUEUE: 'upgrading' },
    before: {
      'Restarting workers, one after the other': async () => {
        // Still rendering at the first check, so that the second worker has something to do.
        const effect = { kind: 'state' as const, script: ['running', 'done'] };
        await stage.fake.fault({ match: { key: 'order-99-thumbnail' }, effect });
      },
    },
  });
  expect(faults).toEqual([]);
}, 120_000);

test('everything is as deploy/rolling.md says', async () => {
  expect(await faultsIn('deploy/rolling.md', { env: { RENDERONCE_TASK_QUEUE: 'rolling' } })).toEqual([]);
}, 120_000);

test('everything is as from-the-recipe.md says', async () => {
  expect(await faultsIn('from-the-recipe.md')).toEqual([]);
}, 120_000);

/** Pages of the index whose blocks show code for another program, a formula, or nothing. */
const NOT_FOLLOWED = [
  'console.md',
  'events.md',
  'keeping-videos.md',
  'metrics.md',
  'scaling.md',
  'temporal-ui.md',
  'webhook-handler.md',
  'works-with.md',
];

test('every page of the index, up to its reference, is followed by a test', async () => {
  const index = await readFile(new URL('README.md', DOCS), 'utf8');
  const guides = index.slice(index.indexOf('## Start'), index.indexOf('## Reference'));
  const named = [...guides.matchAll(/\]\(((?:http\/)?[\w-]+\.md)\)/g)].map(([, name = '']) => name);
  const files = [
    'guides.test.ts',
    'http-pages.test.ts',
    'quick-start.test.ts',
    'runbook.test.ts',
    '../http/drop-in-clients.test.ts',
  ];
  const tests = await Promise.all(files.map((name) => readFile(new URL(name, import.meta.url), 'utf8')));
  const followed = tests.map((text) => text.replace(/NOT_FOLLOWED = [^;]*/, '')).join('');
  expect(named.filter((name) => followed.includes(name)).length).toBeGreaterThanOrEqual(9);
  expect(named.filter((name) => !followed.includes(name)).toSorted()).toEqual(NOT_FOLLOWED);
});

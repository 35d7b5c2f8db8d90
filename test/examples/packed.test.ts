import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { openPackedProject, type PackedProject } from './packed-package.js';

expectNoProcessLeft();

let project: PackedProject;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ engine: 'memory', provider: { timeScale: 100 } });
  await stage.hostWorker();
  project = await openPackedProject();
}, 300_000);
afterAll(async () => {
  await project.close();
  await stage.close();
});

const MAIN = join('node_modules', 'renderonce', 'dist', 'cli', 'main.js');

/** What the native core and the bundler of a worker bring along. */
const HEAVY = [
  '@temporalio/worker',
  '@temporalio/activity',
  '@temporalio/core-bridge',
  '@swc/core',
  'webpack',
];

test('a backend installs neither native core nor bundler', async () => {
  const modules = join(project.folder, 'node_modules');
  const names = await readdir(modules);
  const scoped = await Promise.all(
    names
      .filter((name) => name.startsWith('@'))
      .map(async (scope) => (await readdir(join(modules, scope))).map((name) => `${scope}/${name}`)),
  );
  const all = [...names, ...scoped.flat()];
  expect(all).toEqual(expect.arrayContaining(['renderonce', '@temporalio/client']));
  expect(HEAVY.filter((name) => all.includes(name))).toEqual([]);
});

test.each([
  [
    'import',
    'project.mjs',
    "import { Client, Connection } from '@temporalio/client'; import { Renders } from 'renderonce';",
  ],
  [
    'require',
    'project.cjs',
    "const { Client, Connection } = require('@temporalio/client'); const { Renders } = require('renderonce');",
  ],
])('by %s it renders a movie, once', async (_, file, head) => {
  const key = freshKey('packed');
  await project.write(
    file,
    `${head}
    const [address, taskQueue, key, movie] = process.argv.slice(2);
    async function main() {
      const connection = await Connection.connect({ address });
      const renders = new Renders({ client: new Client({ connection }), taskQueue });
      const { project } = await renders.submitOnce(key, JSON.parse(movie));
      const video = await renders.render(key, JSON.parse(movie));
      console.log(video.status, video.project === project);
      await connection.close();
    }
    void main();`,
  );
  const ran = await project.node([file, stage.engine.address, stage.taskQueue, key, JSON.stringify(CARD)]);

  expect(ran).toEqual({ code: 0, stdout: 'done true\n', stderr: '' });
  expect(await stage.fake.requests({ call: 'create', key })).toHaveLength(1);
});

test('the other entry points load without the worker, by import and by require', async () => {
  const names = ['renderonce/worker', 'renderonce/tracing', 'renderonce/webhook', 'renderonce/fake'];
  const script = `Promise.all(${JSON.stringify(names)}.map(async (name) => {
    const [imported, required] = [await import(name), require(name)];
    console.log(name, Object.keys(imported).length > 0 && imported === required);
  }))`;
  const { stdout, stderr } = await project.node(['--eval', script]);
  expect({ lines: stdout.trimEnd().split('\n').toSorted(), stderr }).toEqual({
    lines: names.map((name) => `${name} true`).toSorted(),
    stderr: '',
  });
});

test('the packed package carries the local JSON2Video that it names, and needs no registry for it', async () => {
  const own = join(project.folder, 'node_modules', 'renderonce');
  const local = join(own, 'node_modules', 'json2video-local');
  const manifest = async (folder: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const named = { name: 'json2video-local', version: '0.1.0' };
  expect(await manifest(own)).toMatchObject({ dependencies: { 'json2video-local': named.version } });
  expect(await manifest(local)).toMatchObject(named);
  expect(await readdir(local)).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'docs']));

  await project.write(
    'local.mjs',
    `import { startFakeJson2Video } from 'renderonce/fake';
    const fake = await startFakeJson2Video({ fixedClock: true });
    const headers = { 'x-api-key': fake.apiKey };
    await fetch(fake.url + '/v2/movies', { method: 'POST', headers, body: process.argv[2] });
    fake.advance(60);
    console.log(fake.movies()[0].status, fake.credits().spent);
    await fake.close();`,
  );
  expect(await project.node(['local.mjs', JSON.stringify(CARD)])).toEqual({
    code: 0,
    stdout: 'done 5\n',
    stderr: '',
  });
  const command = await project.node([MAIN, 'fake', '--list-scenarios', '--json']);
  expect(command.code).toBe(0);
  expect(JSON.parse(command.stdout)).toMatchObject({ scenarios: expect.any(Array) });
});

test('the commands of a caller work without the worker', async () => {
  const { TEMPORAL_ADDRESS, RENDERONCE_TASK_QUEUE } = stage.env;
  const key = freshKey('command');
  await project.write('movie.json', JSON.stringify(CARD));
  const ran = await project.node([MAIN, 'submit', key, 'movie.json', '--wait', '--json'], {
    TEMPORAL_ADDRESS,
    RENDERONCE_TASK_QUEUE,
  });
  expect(JSON.parse(ran.stdout)).toMatchObject({ status: 'done', key, replayed: false });
  expect(ran.code).toBe(0);
});

test.each(['worker', 'dev', 'demo'])(
  '%s says what to install where the worker is absent, before it starts anything',
  async (command) => {
    const ran = await project.node([MAIN, command, '--json'], { JSON2VIDEO_API_KEY: 'key' });
    expect(ran.code).toBe(2);
    expect(JSON.parse(ran.stdout)).toEqual({
      error: {
        code: 'WorkerNotInstalled',
        message: 'package @temporalio/worker is not installed',
        next: expect.stringContaining('npm install @temporalio/worker@'),
      },
    });
    expect(await readdir(project.folder)).not.toContain('.renderonce');
  },
);

test('a worker made in code says it too, with a type', async () => {
  await project.write(
    'worker.mjs',
    `import { WorkerNotInstalled } from 'renderonce';
    import { createRenderWorker } from 'renderonce/worker';
    const json2video = { url: 'http://127.0.0.1:1', apiKey: 'key' };
    const error = await createRenderWorker({ connectionOptions: {}, namespace: 'default', json2video }).catch((e) => e);
    console.log(error instanceof WorkerNotInstalled, error.code);`,
  );
  const ran = await project.node(['worker.mjs']);
  expect(ran).toEqual({ code: 0, stdout: 'true WorkerNotInstalled\n', stderr: '' });
});

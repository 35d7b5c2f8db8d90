import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { openStage, type Stage } from '../support/stage.js';
import { ROOT, scriptOf, service } from './compose-file.js';
import { startProgram } from './user-project.js';

expectNoProcessLeft();

let stage: Stage;
let folder: string;
beforeAll(async () => {
  [stage, folder] = await Promise.all([openStage(), mkdtemp(join(tmpdir(), 'renderonce-containers-'))]);
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

type Env = Readonly<Record<string, string | undefined>>;

/** Runs a program to its end, and says how it ended. */
async function exitCodeOf(program: string, args: readonly string[], env: Env): Promise<number | null> {
  const child = execFile(program, args, { env, cwd: `${ROOT}docs/deploy` });
  await once(child, 'close');
  return child.exitCode;
}

/** The health check of a service as it stands in the compose file, asked of another address. */
function isHealthy(name: string, env: Env, address: string): Promise<number | null> {
  const [, , ...args] = service(name).healthcheck?.test ?? [];
  return exitCodeOf(process.execPath, [...args.slice(0, -1), address], env);
}

/** A program that only notes how it was called, and fails the first `failures` times. */
async function stub(name: string, failures = 0): Promise<void> {
  const path = join(folder, name);
  const calls = `${path}.calls`;
  await writeFile(calls, '');
  const script = `#!/bin/sh\necho "$SQL_DATABASE $*" >> ${calls}\ntest "$(wc -l < ${calls})" -gt ${failures}\n`;
  await writeFile(path, script);
  await chmod(path, 0o755);
}

const callsOf = async (name: string): Promise<string[]> =>
  (await readFile(join(folder, `${name}.calls`), 'utf8')).trimEnd().split('\n');

const runScript = (name: string): Promise<number | null> => {
  const [shell = '', ...flags] = service(name).entrypoint;
  return exitCodeOf(shell, [...flags, scriptOf(name)], { PATH: `${folder}:${process.env['PATH']}` });
};

test('a worker is well while it takes work', async () => {
  const worker = await stage.startWorker({ RENDERONCE_WORKER_LISTEN: '127.0.0.1:0' });
  const ready = `${String(worker.said['url'])}/readyz`;
  expect(await isHealthy('worker', {}, ready)).toBe(0);
  await worker.stop();
  expect(await isHealthy('worker', {}, ready)).toBe(1);
});

test('a server and a local JSON2Video are well while they answer', async () => {
  const server = await stage.startServer();
  const url = String(server.said['url']);
  const health = `${url}/healthz`;
  expect(await isHealthy('server', {}, health)).toBe(0);
  expect(await isHealthy('fake', {}, `${stage.fake.url}/_fake/credits`)).toBe(0);
  expect(await isHealthy('server', {}, `${url}/no-such-page`)).toBe(1);
  await server.stop();
  expect(await isHealthy('server', {}, health)).toBe(1);
});

test('the door lets others in to the local JSON2Video, and closes when it is asked to', async () => {
  const env = { DOOR_PORT: '0', FAKE_PORT: new URL(stage.fake.url).port };
  const door = await startProgram(`${ROOT}docs/deploy/${service('fake-door').entrypoint[1]}`, env);
  onTestFinished(async () => void (await door.stop()));
  const url = door.firstLine.replace('door: ', '');
  const reply = await fetch(`${url}/_fake/credits`);

  expect(await reply.json()).toMatchObject({ spent: 0 });
  expect(await door.stop()).toBe(0);
  await expect(fetch(`${url}/_fake/credits`)).rejects.toThrow('fetch failed');
});

test('both databases are created and brought up to the schema of the server, in this order', async () => {
  await stub('temporal-sql-tool');
  expect(await runScript('schema')).toBe(0);
  const schemas = '/etc/temporal/schema/postgresql/v12';
  expect(await callsOf('temporal-sql-tool')).toEqual([
    'temporal create',
    'temporal setup-schema --version 0.0',
    `temporal update-schema --schema-dir ${schemas}/temporal/versioned`,
    'temporal_visibility create',
    'temporal_visibility setup-schema --version 0.0',
    `temporal_visibility update-schema --schema-dir ${schemas}/visibility/versioned`,
  ]);
});

test('a schema that cannot be brought up to date ends the job with an error', async () => {
  await stub('temporal-sql-tool', 1);
  expect(await runScript('schema')).not.toBe(0);
  expect(await callsOf('temporal-sql-tool')).toHaveLength(1);
});

test('setup, worker and server wait for a frontend that serves, however often it has to be asked', async () => {
  await stub('sleep');
  await stub('temporal', 3);
  expect(await runScript('frontend')).toBe(0);
  expect(await callsOf('temporal')).toHaveLength(4);
  for (const name of ['worker', 'server']) expect(service(name).depends_on).toHaveProperty('setup');
  expect(service('setup').depends_on).toHaveProperty('frontend');
});

test('a frontend that never serves ends the start with an error', async () => {
  await stub('sleep');
  await stub('temporal', 1_000);
  expect(await runScript('frontend')).not.toBe(0);
});

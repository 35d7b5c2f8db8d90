import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../src/config.js';
import { upCommand } from '../../src/cli/commands/up.js';
import { runProgram } from '../support/run-program.js';
import { interpolated, parseCompose, readRootFile, ROOT, service as composeService } from './compose-file.js';

const UNIT = 'docs/deploy/renderonce.service';
const hasSystemd = await promisify(execFile)('systemd-analyze', ['--version']).then(
  () => true,
  () => false,
);

/** What systemd says against a unit. */
async function verified(change: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-unit-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'renderonce.service');
  await copyFile(`${ROOT}${UNIT}`, file);
  await writeFile(file, change(await readFile(file, 'utf8')));
  const { code, stdout, stderr } = await runProgram('systemd-analyze', ['verify', '--man=no', file]);
  return code === 0 ? stdout + stderr : `${code}: ${stdout}${stderr}`;
}

test.skipIf(!hasSystemd)(
  'systemd finds nothing wrong with the unit, and finds a misspelt setting',
  async () => {
    expect(await verified((text) => text)).toBe('');
    expect(await verified((text) => text.replace('KillMode=', 'KillMod='))).toContain('KillMod');
  },
);

test('the unit starts up, with a stop that waits for a submission', async () => {
  const unit = readRootFile(UNIT);
  expect(unit).toMatch(/^ExecStart=.*\/node_modules\/renderonce\/dist\/cli\/main\.js up$/m);
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(unit)?.[1])).toBeGreaterThan(600);
  expect(unit).toMatch(/^Restart=always$/m);
});

const compose = parseCompose(
  // Its build has a target, and its volume a name; the shared schema knows the larger file only.
  readRootFile('docs/deploy/one-machine.yml').replace(/build: \{.*\}/, 'build: .') + 'networks: {}\n',
);

test('the file for one container needs the API key only, and publishes one port, on loopback', () => {
  const source = readRootFile('docs/deploy/one-machine.yml');
  expect([...source.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name)).toEqual(['JSON2VIDEO_API_KEY']);
  const service = compose.services['renderonce'];
  expect(service).toMatchObject({
    command: ['up'],
    ports: ['127.0.0.1:8080:8080'],
    read_only: true,
    user: 'node',
    cap_drop: ['ALL'],
    restart: 'unless-stopped',
  });
  expect(Object.keys(compose.services)).toEqual(['renderonce']);
  const given = Object.entries(service?.environment ?? {}).map(([name, value]) => [
    name,
    interpolated(value, { JSON2VIDEO_API_KEY: 'a-key' }),
  ]);
  const environment = Object.fromEntries(given) as Record<string, string>;
  expect(readConfig(environment)).toMatchObject({ listen: { host: '0.0.0.0', port: 8080 } });
  const data = upCommand().options.find(({ long }) => long === '--data');
  expect(environment[data?.envVar ?? '']).toBe('/data');
});

/** Variables that the container does not take, each with the reason. */
const NOT_PASSED: Readonly<Record<string, string>> = {
  TEMPORAL_ADDRESS: 'it has an engine of its own',
  TEMPORAL_NAMESPACE: 'it has an engine of its own',
  RENDERONCE_TASK_QUEUE: 'nothing else uses its engine',
  RENDERONCE_TEMPORAL_CLI: 'the engine is in the image',
  RENDERONCE_WORKER_LISTEN: 'its port is not published',
  RENDERONCE_CODEC_TOKEN: 'it has no codec server',
  NODE_OPTIONS: 'it has three processes and one limit',
};

test('the container takes every variable of the pages, and those that docker-compose.yml passes to worker and server', () => {
  const pages = ['README.md', 'docs/events.md', 'docs/keeping-videos.md'].map(readRootFile).join('\n');
  const documented = [...pages.matchAll(/^\| `((?:RENDERONCE|JSON2VIDEO)_\w+)`/gm)].map(
    ([, name = '']) => name,
  );
  expect(documented.length).toBeGreaterThan(30);
  const inCompose = ['worker', 'server'].flatMap((name) => Object.keys(composeService(name).environment));
  const taken = new Set(Object.keys(compose.services['renderonce']?.environment ?? {}));
  const missing = [...documented, ...inCompose].filter((name) => !taken.has(name) && !(name in NOT_PASSED));
  expect([...new Set(missing)]).toEqual([]);
  expect(Object.keys(NOT_PASSED).filter((name) => taken.has(name))).toEqual([]);
  const known = new Set([...documented, ...inCompose]);
  expect([...taken].filter((name) => !known.has(name))).toEqual([]);
});

test('the stage of the image that the file builds has an engine, and the last stage is the usual image', () => {
  const stages = [...readRootFile('Dockerfile').matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)].map(
    ([line]) => line,
  );
  expect(stages.slice(-2)).toEqual(['FROM renderonce AS one-machine', 'FROM renderonce']);
  expect(readRootFile('docs/deploy/one-machine.yml')).toContain('target: one-machine');
});

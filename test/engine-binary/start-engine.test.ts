import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lastingPort } from '../support/lasting-port.js';
import { temporaryFolder, writeScript } from './fakes.js';
import { realBinary, start, stopAll, withClient } from './real-engine.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;

beforeEach(async () => {
  place = await temporaryFolder();
});

afterEach(async () => {
  await stopAll();
  await place.remove();
});

const startWorkflow = (address: string, workflowId: string, namespace = 'default') =>
  withClient({ address, namespace }, (client) =>
    client.workflow.start('renderMovie', { taskQueue: 'renderonce', workflowId }),
  );

/** Holds a port until the test is over. */
async function takePort(): Promise<{ port: number; release: () => Promise<unknown> }> {
  const port = await lastingPort();
  const server = createServer();
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return { port, release: () => new Promise((closed) => server.close(closed)) };
}

test('an engine serves as soon as it is handed over, and its UI too', async () => {
  const engine = await start();
  await startWorkflow(engine.address, 'first');
  expect((await fetch(engine.uiUrl)).status).toBe(200);
});

test('the namespace has the retention and the search attributes that were asked for', async () => {
  const engine = await start({ namespace: 'videos', retentionDays: 45 });
  const { retention, attributes } = await withClient(engine, async ({ connection }) => {
    const question = { namespace: 'videos' };
    const { config } = await connection.workflowService.describeNamespace(question);
    const { customAttributes } = await connection.operatorService.listSearchAttributes(question);
    return {
      retention: config?.workflowExecutionRetentionTtl?.seconds?.toNumber(),
      attributes: customAttributes,
    };
  });
  expect(retention).toBe(45 * 24 * 60 * 60);
  expect(attributes['RenderState']).toBe(2);
});

test('an engine on this machine is not looked for through a proxy of the environment', async () => {
  for (const name of ['grpc_proxy', 'http_proxy', 'https_proxy']) vi.stubEnv(name, 'http://127.0.0.1:1');
  try {
    await expect(start({ servingMs: 10_000 })).resolves.toBeDefined();
  } finally {
    vi.unstubAllEnvs();
  }
});

test('stop leaves no process, may be called twice and tells how the engine ended', async () => {
  const engine = await start({ stopGraceMs: undefined });
  await Promise.all([engine.stop(), engine.stop()]);
  await engine.stop();
  expect(await engine.exited).toEqual({ code: 0, signal: null });
});

test('two engines run side by side and know nothing of each other', async () => {
  const [one, other] = await Promise.all([start(), start()]);
  expect(one.address).not.toBe(other.address);
  await startWorkflow(one.address, 'same-key');
  await startWorkflow(other.address, 'same-key');
});

test('an engine takes the ports it is given', async () => {
  const [port, uiPort] = await Promise.all([lastingPort(), lastingPort()]);
  const engine = await start({ port, uiPort });
  expect(engine).toMatchObject({
    address: `127.0.0.1:${String(port)}`,
    uiUrl: `http://127.0.0.1:${String(uiPort)}`,
  });
});

test.each([['port'], ['uiPort']] as const)('a taken %s is an error that names it', async (option) => {
  const { port, release } = await takePort();
  await expect(start({ [option]: port })).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: expect.stringContaining(`${String(port)} on 127.0.0.1 is taken`),
    next: expect.stringContaining('Stop what uses it'),
  });
  await release();
});

/** The server gives its inner services free ports, too, and panics when one of them is lost. */
const PANIC = [
  'panic: failed assigning ephemeral port: listen tcp 127.0.0.1:40123: bind: address already in use',
  '',
  'goroutine 1 [running]:',
  ...Array.from({ length: 60 }, (_, index) => `main.f${index}(...)\n\t/src/${'x'.repeat(150)}.go:${index}`),
].join('\n');

test.each([
  ['by an error', 'bind: address already in use', 1],
  ['by a panic', PANIC, 2],
])(
  'a free port that is lost before the engine has it, %s, is replaced by another',
  async (_, words, code) => {
    const mark = join(place.folder, 'tried');
    const lost = join(place.folder, 'words');
    await writeFile(lost, words);
    const body = [
      `if [ ! -e '${mark}' ]; then : > '${mark}'; cat '${lost}' >&2; exit ${code}; fi`,
      `exec '${await realBinary()}' "$@"`,
    ];
    const binary = await writeScript(place.folder, 'temporal', body.join('\n'));
    const engine = await start({ binary });
    await expect(startWorkflow(engine.address, 'first')).resolves.toBeDefined();
  },
);

test('an engine that ends at once is an error that quotes its last words, not its older ones', async () => {
  const logFile = join(place.folder, 'logs', 'engine.log');
  const binary = await writeScript(
    place.folder,
    'temporal',
    'echo "unable to open database: $0" >&2; exit 3',
  );
  await expect(start({ binary, logFile })).rejects.toThrow('unable to open database');
  await writeFile(logFile, 'an older line\n', { flag: 'a' });
  const failure = start({ binary, logFile });
  await expect(failure).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: expect.stringMatching(/ended before it served \(exit code 3\).*\n.*unable to open database/),
    next: expect.stringContaining(logFile),
  });
  await expect(failure).rejects.not.toThrow(/older line/);
  expect(await readFile(logFile, 'utf8')).toContain('an older line');
});

test('an engine that never serves is given up and leaves no process', async () => {
  const pidFile = join(place.folder, 'pid');
  const body = `echo $$ > '${pidFile}'; echo "thinking"; exec sleep 1000`;
  const binary = await writeScript(place.folder, 'temporal', body);
  const failure = start({ binary, servingMs: 500 });
  await expect(failure).rejects.toThrow(/did not become ready[^]*thinking/);
  const pid = Number(await readFile(pidFile, 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a file that is no executable is an error that names it', async () => {
  const binary = join(place.folder, 'missing');
  await expect(start({ binary })).rejects.toMatchObject({
    code: 'ENGINE_START_FAILED',
    message: expect.stringContaining(`${binary} cannot be run (ENOENT)`),
  });
});

test("the engine gets none of the owner's secrets and none of its Temporal settings", async () => {
  const seen = join(place.folder, 'seen');
  const binary = await writeScript(place.folder, 'temporal', `env > '${seen}'; exit 1`);
  const env = { ...process.env, JSON2VIDEO_API_KEY: 'secret', TEMPORAL_ENV: 'none', NODE_OPTIONS: '' };
  await expect(start({ binary, env })).rejects.toThrow('ended before it served');
  expect(await readFile(seen, 'utf8')).not.toMatch(/JSON2VIDEO|TEMPORAL_|NODE_/);
});

test.each([0, 1.5, -1])('a retention of %s days is refused', async (retentionDays) => {
  await expect(start({ retentionDays })).rejects.toMatchObject({ code: 'ENGINE_START_FAILED' });
});

test.each([-1, 1.5, 65_536])('port %s is refused', async (port) => {
  await expect(start({ port })).rejects.toMatchObject({ code: 'ENGINE_START_FAILED' });
});

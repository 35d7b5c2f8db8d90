import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { openEngineLog } from '../../src/engine/engine-log.js';
import { startEngineProcess } from '../../src/engine/engine-process.js';
import { engineEnvironment } from '../../src/engine/executables.js';
import { isAlive } from '../../src/engine/process-liveness.js';
import { temporaryFolder, writeScript } from './fakes.js';
import {
  compileEngine,
  IN_OTHER_PIDS,
  nextMessage,
  type OwnedEngine,
  type Owner,
  spawnOwner,
  startOwner,
} from './owner-process.js';
import { familyOf, untilGone } from './processes.js';
import { start, stopAll, withClient } from './real-engine.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
const owners: Owner[] = [];

beforeAll(async () => {
  place = await temporaryFolder();
  await compileEngine(place.folder);
});

afterEach(async () => {
  await stopAll();
  for (const { child, engine } of owners.splice(0)) {
    child.kill('SIGKILL');
    if (!(await untilGone(engine.pid))) throw new Error(`engine process ${String(engine.pid)} is left`);
  }
});

afterAll(() => place.remove());

async function own(options: OwnedEngine = {}): Promise<Owner> {
  const owner = await startOwner(place.folder, options);
  owners.push(owner);
  return owner;
}

test.each([
  ['killed with SIGKILL', 'SIGKILL'],
  ['ended by SIGTERM', 'SIGTERM'],
  ['ended without stopping its engine', 'SIGUSR2'],
] as const)('an owner that is %s leaves no engine and no guard', async (_how, signal) => {
  const { child, engine } = await own({ stopGraceMs: 100 });
  const guard = familyOf(engine.pid).parent;
  expect(isAlive(guard)).toBe(true);
  child.kill(signal);
  await once(child, 'exit');
  expect(await untilGone(engine.pid)).toBe(true);
  expect(await untilGone(guard)).toBe(true);
});

test('an owner that is killed while its engine still starts leaves no engine', async () => {
  const pidFile = join(place.folder, 'starting');
  const binary = await writeScript(place.folder, 'slow', `echo $$ > '${pidFile}'; exec sleep 1000`);
  const child = await spawnOwner(place.folder, { binary });
  const enginePid = () => readFile(pidFile, 'utf8').then(Number, () => 0);
  await expect.poll(enginePid, { timeout: 10_000 }).toBeGreaterThan(0);
  const pid = await enginePid();
  expect(isAlive(pid)).toBe(true);
  child.kill('SIGKILL');
  expect(await untilGone(pid)).toBe(true);
});

test('the check for what is left notices a process that stays', async () => {
  expect(await untilGone(process.pid, 100)).toBe(false);
});

test('a start on the file of an owner just killed waits for its engine to end and finds everything', async () => {
  const dbFile = join(place.folder, '.renderonce', 'engine.db');
  const { child, engine } = await own({ dbFile });
  await withClient({ ...engine, namespace: 'default' }, (client) =>
    client.workflow.start('renderMovie', { taskQueue: 'renderonce', workflowId: 'order-1' }),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  const next = await start({ dbFile });
  expect(isAlive(engine.pid)).toBe(false);
  const found = await withClient(next, (client) => client.workflow.getHandle('order-1').describe());
  expect(found.status.name).toBe('RUNNING');
});

/** Not every system lets a user make namespaces. */
const hasPidNamespaces = spawnSync(IN_OTHER_PIDS[0], [...IN_OTHER_PIDS.slice(1), 'true']).status === 0;

test.skipIf(!hasPidNamespaces)(
  'a second engine on one file is refused in another PID namespace, too',
  async () => {
    const dbFile = join(place.folder, 'shared', 'x'.repeat(120), 'engine.db');
    const first = await start({ dbFile });
    const second = await spawnOwner(place.folder, { dbFile }, IN_OTHER_PIDS);
    const ended = once(second, 'exit');
    const { refused } = await nextMessage(second, z.object({ refused: z.string() }));
    expect(refused).toContain(`in use by the engine at ${first.address}`);
    await ended;
  },
);

test('an engine that has lost both its owner and its guard still holds its file', async () => {
  const dbFile = join(place.folder, 'orphaned', 'engine.db');
  const { child, engine } = await own({ dbFile });
  // A stopped owner does not notice the end of its guard, which would make it kill the engine.
  child.kill('SIGSTOP');
  process.kill(familyOf(engine.pid).parent, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await rm(`${dbFile}.owner.json`);
  expect(isAlive(engine.pid)).toBe(true);
  await expect(start({ dbFile })).rejects.toThrow('is in use by another engine');
  process.kill(engine.pid, 'SIGKILL');
});

test('a start on the file of an engine that lost both its owner and its guard ends that engine, and finds everything', async () => {
  const dbFile = join(place.folder, 'abandoned', 'engine.db');
  const { child, engine } = await own({ dbFile });
  await withClient({ ...engine, namespace: 'default' }, (client) =>
    client.workflow.start('renderMovie', { taskQueue: 'renderonce', workflowId: 'order-1' }),
  );
  child.kill('SIGSTOP');
  process.kill(familyOf(engine.pid).parent, 'SIGKILL');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(isAlive(engine.pid)).toBe(true);
  const next = await start({ dbFile });
  expect(isAlive(engine.pid)).toBe(false);
  const found = await withClient(next, (client) => client.workflow.getHandle('order-1').describe());
  expect(found.status.name).toBe('RUNNING');
}, 60_000);

test('a process that has got the ID of an ended engine is left alone', async () => {
  const dbFile = join(place.folder, 'recycled', 'engine.db');
  const first = await start({ dbFile });
  await first.stop();
  const [port] = first.address.split(':').slice(1).map(Number);
  // This process stands for it: it lives, and something answers at the address.
  const record = { pid: process.pid, owner: 2 ** 22 - 1, ip: '127.0.0.1', port, address: first.address };
  await writeFile(`${dbFile}.owner.json`, JSON.stringify(record));
  const next = await start({ dbFile });
  expect(isAlive(next.pid)).toBe(true);
}, 60_000);

test('a Ctrl-C reaches the owner, not the engine, which serves until the owner stops it', async () => {
  const { child, engine } = await own();
  const { parent: guard, group } = familyOf(engine.pid);
  expect(group).toBe(engine.pid);
  expect(familyOf(guard).group).toBe(guard);
  const report = nextMessage(child, z.object({ serves: z.boolean() }));
  // A terminal signals the whole foreground group, which the owner leads here.
  process.kill(-familyOf(child.pid ?? 0).group, 'SIGINT');
  expect(await report).toEqual({ serves: true });
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(isAlive(engine.pid)).toBe(false);
});

test('a killed guard takes its engine with it, and the owner learns of it', async () => {
  const engine = await start();
  process.kill(familyOf(engine.pid).parent, 'SIGKILL');
  expect(await engine.exited).toEqual({ code: null, signal: null });
  expect(isAlive(engine.pid)).toBe(false);
});

test('a guard that is told to end by a service manager ends its engine first', async () => {
  const engine = await start({ stopGraceMs: undefined });
  process.kill(familyOf(engine.pid).parent, 'SIGTERM');
  expect(await engine.exited).toEqual({ code: 0, signal: null });
});

test('an engine that does not heed SIGTERM is killed after the grace', async () => {
  const binary = await writeScript(place.folder, 'stubborn', `trap '' TERM; echo ready; exec sleep 1000`);
  const log = openEngineLog(undefined);
  const task = { binary, args: [], cwd: place.folder, graceMs: 300 };
  const engine = await startEngineProcess(task, log.fd, engineEnvironment(process.env));
  await expect.poll(() => log.lastLines()).toEqual(['ready']);
  await engine.stop();
  log.close();
  expect(await engine.exited).toEqual({ code: null, signal: 'SIGKILL' });
  expect(isAlive(engine.pid)).toBe(false);
});

import { dirname, join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import pMap from 'p-map';
import { expect, onTestFinished, test } from 'vitest';
import { findEngine, type RunningEngine, startEngine } from '../../src/engine/index.js';
import { Renders } from '../../src/starter.js';
import { SEARCH_ATTRIBUTES } from '../../src/workflows/messages.js';
import { type LocalProvider, startLocalProvider } from '../support/local-provider.js';
import { expectNoProcessLeft, runCommand, startCommand } from '../support/processes.js';
import { CARD } from '../support/stage.js';
import { freshDataFolder, startUp } from '../support/up.js';

expectNoProcessLeft();

const KEYS = Array.from({ length: 200 }, (_, n) => `moved-${n}`);
const OPTIONS = { submitTimeoutSeconds: 10, settleSeconds: 30 } as const;

async function rendersAt(address: string, namespace = 'default'): Promise<Renders> {
  const connection = await Connection.connect({ address });
  onTestFinished(() => connection.close());
  return new Renders({ client: new Client({ connection, namespace }) });
}

/** Asks for the movies of keys, and returns their projects. */
const ask = (renders: Renders, keys: readonly string[], concurrency: number): Promise<string[]> =>
  pMap(
    keys,
    async (key) => (await renders.submitOnce(key, CARD, { ...OPTIONS, deadlineMs: 200_000 })).project,
    {
      concurrency,
    },
  );

async function anotherEngine(folder: string, namespace: string): Promise<RunningEngine> {
  const { path: binary } = await findEngine({ env: process.env });
  const searchAttributes = SEARCH_ATTRIBUTES;
  const dbFile = join(folder, `${namespace}.db`);
  const engine = await startEngine({
    binary,
    dbFile,
    namespace,
    retentionDays: 30,
    searchAttributes,
    env: process.env,
  });
  onTestFinished(() => engine.stop());
  return engine;
}

const workerEnv = (engine: RunningEngine, provider: LocalProvider, lookFrom: string) => ({
  TEMPORAL_ADDRESS: engine.address,
  TEMPORAL_NAMESPACE: engine.namespace,
  JSON2VIDEO_URL: provider.url,
  JSON2VIDEO_API_KEY: provider.apiKey,
  RENDERONCE_LOG_LEVEL: 'error',
  RENDERONCE_LOOK_FROM: lookFrom,
});

test('200 keys that up has rendered are asked for again on another engine: all have their projects, and none is paid twice', async () => {
  const data = await freshDataFolder();
  const provider = await startLocalProvider({ timeScale: 50 });
  onTestFinished(() => provider.stop());
  const begin = new Date().toISOString();
  const up = await startUp(data, [], { JSON2VIDEO_URL: provider.url, JSON2VIDEO_API_KEY: provider.apiKey });
  const before = await ask(await rendersAt(String(up.said['temporalAddress'])), KEYS, 20);
  await up.stop();
  expect(await provider.movies()).toHaveLength(KEYS.length);

  const engine = await anotherEngine(dirname(data), 'default');
  const env = workerEnv(engine, provider, begin);
  const worker = await startCommand(['worker'], env);
  onTestFinished(async () => void (await worker.stop()));
  const doctor = await runCommand(['doctor', '--json'], env);
  expect(doctor.stdout).toContain('"name":"restore","level":"ok"');
  expect(await ask(await rendersAt(engine.address), KEYS, KEYS.length)).toEqual(before);
  expect(await provider.movies()).toHaveLength(KEYS.length);
}, 600_000);

test('a worker refuses an engine whose namespace the marks do not name, and doctor says why', async () => {
  const data = await freshDataFolder();
  const provider = await startLocalProvider({ timeScale: 50 });
  onTestFinished(() => provider.stop());
  const begin = new Date().toISOString();
  const up = await startUp(data, [], { JSON2VIDEO_URL: provider.url, JSON2VIDEO_API_KEY: provider.apiKey });
  await ask(await rendersAt(String(up.said['temporalAddress'])), KEYS.slice(0, 1), 1);
  await up.stop();

  const engine = await anotherEngine(dirname(data), 'videos');
  const env = workerEnv(engine, provider, begin);
  const refused = await runCommand(['worker', '--json'], env);
  expect(refused.code).toBe(2);
  expect(refused.stdout).toContain('shows renders of namespace default, but none of videos');
  expect((await runCommand(['doctor', '--json'], env)).stdout).toContain('"name":"restore","level":"wrong"');
  // Control: without the variable the worker starts, and pays a second time.
  const { RENDERONCE_LOOK_FROM: _, ...blind } = env;
  const worker = await startCommand(['worker'], blind);
  onTestFinished(async () => void (await worker.stop()));
  await ask(await rendersAt(engine.address, 'videos'), KEYS.slice(0, 1), 1);
  expect(await provider.movies(KEYS[0])).toHaveLength(2);
}, 200_000);

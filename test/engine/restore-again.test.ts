import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PARTS, partOf } from '../support/family.js';
import { lastingPort } from '../support/lasting-port.js';
import { startLocalProvider } from '../support/local-provider.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { freshKey } from '../support/stage.js';
import { until } from '../support/until.js';
import { apiOf, freshDataFolder, jsonOf, killAll, projectOf, startUp } from '../support/up.js';

expectNoProcessLeft();

test('a look that was made before a second restore lets nothing be sent after it', async () => {
  const data = await freshDataFolder();
  const provider = await startLocalProvider({ timeScale: 20 });
  onTestFinished(() => provider.stop());
  const env = { JSON2VIDEO_URL: provider.url, JSON2VIDEO_API_KEY: provider.apiKey };
  const first = await startUp(data, [], env);
  const token = first.said['token'];
  // An absence is proven by another movie of the account.
  await projectOf(apiOf(first, token), freshKey('witness'));
  const [one, two] = [join(dirname(data), 'one.db'), join(dirname(data), 'two.db')];
  expect(await jsonOf('backup', one, '--data', data)).toMatchObject({ code: 0 });
  await killAll(first);
  expect(await jsonOf('restore', one, '--data', data)).toMatchObject({ code: 0 });

  const second = await startUp(data, [], env);
  const key = freshKey('again');
  await provider.fault({
    match: { call: 'create', key },
    effect: { kind: 'status', code: 429, accept: false, body: '{"success":false,"message":"slow down"}' },
  });
  const accepted = projectOf(apiOf(second, token), key);
  await until(
    'a refused POST follows the look',
    async () => (await provider.requests({ call: 'create', key })).length > 0,
    120_000,
  );
  expect(await jsonOf('backup', two, '--data', data)).toMatchObject({ code: 0 });
  await provider.clearFaults();
  const project = await accepted;
  await killAll(second);
  expect(await jsonOf('restore', two, '--data', data)).toMatchObject({ code: 0 });

  const third = await startUp(data, [], env);
  expect(await projectOf(apiOf(third, token), key)).toBe(project);
  expect(await provider.movies(key)).toHaveLength(1);
}, 500_000);

/** Ends the engine of an `up`, and holds its port, so that no other one starts. Returns what frees the port. */
async function keepEngineDown(up: Running, port: number): Promise<() => Promise<unknown>> {
  const holder = createServer((connection) => connection.destroy());
  const listen = async (): Promise<boolean> => {
    // The guard ends by itself once its engine has ended; on a busy machine another one may have started meanwhile.
    const engine = partOf(up.pid, 'engine');
    if (engine !== undefined) process.kill(engine, 'SIGKILL');
    holder.listen(port, '127.0.0.1');
    return once(holder, 'listening').then(
      () => true,
      () => false,
    );
  };
  await until('the port is held', listen, 20_000);
  return () => new Promise((closed) => holder.close(closed));
}

test('nothing is restored under an `up` whose engine is down, and an `up` whose database was restored all the same starts no engine', async () => {
  const data = await freshDataFolder();
  const port = await lastingPort();
  const up = await startUp(data, ['--local', '--engine-port', String(port)]);
  const file = join(dirname(data), 'one.db');
  expect(await jsonOf('backup', file, '--data', data)).toMatchObject({ code: 0 });
  const free = await keepEngineDown(up, port);
  expect(await jsonOf('restore', file, '--data', data)).toMatchObject({
    code: 2,
    error: { message: expect.stringContaining(`process ${up.pid}`) },
  });
  // Another container sees the folder, and not the process.
  const running = join(data, 'running.json');
  await rename(running, `${running}.hidden`);
  expect(await jsonOf('restore', file, '--data', data)).toMatchObject({ code: 0 });
  await free();
  // It tries again after 15 s at most.
  const starts = until('an engine starts', () => partOf(up.pid, 'engine') !== undefined, 35_000);
  await expect(starts).rejects.toThrow('in vain');
  await up.stop();
  const next = await startUp(data, ['--local']);
  expect(
    Object.keys(PARTS).filter((part) => partOf(next.pid, part as keyof typeof PARTS) === undefined),
  ).toEqual([]);
}, 200_000);

import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { familyOf, killIfAlive, partOf } from '../support/family.js';
import { ledgerAt, startLocalProvider } from '../support/local-provider.js';
import { lastingPort } from '../support/lasting-port.js';
import { expectNoProcessLeft, runCommand, type Running } from '../support/processes.js';
import { CARD, freshKey } from '../support/stage.js';
import { runOnTerminal } from '../support/terminal.js';
import { apiOf, freshDataFolder, startUp } from '../support/up.js';

expectNoProcessLeft();

const LOCAL = ['--local', '--time-scale', '20'];

/** Everything that a folder's files hold, except the database. */
async function textIn(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => /\.json$|^tokens$/.test(name));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

test('up prints a token at its first start only; the folder keeps its hash, and the token works after each start', async () => {
  const data = await freshDataFolder();
  const first = await startUp(data, LOCAL);
  const { token, url, temporalUi } = first.said;
  expect(token).toMatch(/^ro_admin_/);
  expect((await fetch(`${String(url)}/healthz`)).status).toBe(200);
  expect((await fetch(String(temporalUi))).status).toBe(200);
  expect((await fetch(`${String(url)}/v1/renders`)).status).toBe(401);
  const key = freshKey('up-token');
  expect((await apiOf(first, token)('PUT', `/v1/renders/${key}`, { movie: CARD })).status).toBe(201);
  expect(await textIn(data)).not.toContain(String(token));
  for (const name of ['settings.json', 'running.json', 'tokens']) {
    expect((await stat(join(data, name))).mode & 0o777).toBe(0o600);
  }
  expect(await first.stop()).toBe(0);
  expect(await readdir(data)).not.toContain('running.json');

  const second = await startUp(data, LOCAL);
  expect(second.said).not.toHaveProperty('token');
  const reply = await apiOf(second, token)('GET', `/v1/renders/${key}?`);
  expect(await reply.json()).toMatchObject({ key, project: expect.stringMatching(/\w{16}/) });
}, 120_000);

test('with the real provider up needs an API key, which it says, and then renders by polling alone', async () => {
  const data = await freshDataFolder();
  const refused = await runCommand(['up', '--data', data, '--port', '0', '--json'], {});
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    error: { code: 'ConfigInvalid', next: expect.stringContaining('--local') },
  });
  const provider = await startLocalProvider({ timeScale: 20 });
  onTestFinished(() => provider.stop());
  const env = { JSON2VIDEO_URL: provider.url, JSON2VIDEO_API_KEY: provider.apiKey };
  const up = await startUp(data, [], env);
  const key = freshKey('up-real');
  const call = apiOf(up, up.said['token']);
  expect((await call('PUT', `/v1/renders/${key}`, { movie: CARD })).status).toBe(201);
  await expect
    .poll(async () => (await call('GET', `/v1/renders/${key}`)).text(), { timeout: 30_000 })
    .toContain('"status":"done"');
  expect(await provider.movies(key)).toHaveLength(1);
  // It has no public address, and takes a delivery from here all the same.
  const triggered = await runCommand(['trigger', key], { RENDERONCE_DATA: data });
  expect(triggered).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 delivered: HTTP 200, taken'),
  });
  expect(partOf(up.pid, 'provider')).toBeUndefined();
}, 120_000);

test('up listens beyond this machine with its token, and only the one port does', async () => {
  const port = await lastingPort();
  const up = await startUp(await freshDataFolder(), LOCAL, { RENDERONCE_LISTEN: `0.0.0.0:${port}` });
  // --port 0 of the helper wins over the variable's port, and leaves its host.
  const { url, temporalUi, temporalAddress, json2videoUrl } = up.said;
  expect((await fetch(`${String(url).replace(/\d+\.\d+\.\d+\.\d+/, '127.0.0.2')}/healthz`)).status).toBe(200);
  for (const other of [temporalUi, `http://${String(temporalAddress)}`, json2videoUrl]) {
    await expect(fetch(String(other).replace('127.0.0.1', '127.0.0.2'))).rejects.toThrow('fetch failed');
  }
}, 120_000);

test('a folder of the local JSON2Video is refused for the real one, and the other way round; a folder in use is named', async () => {
  const data = await freshDataFolder();
  const up = await startUp(data, LOCAL);
  const again = await runCommand(['up', '--data', data, '--port', '0', '--local', '--json'], {});
  expect(again.code).toBe(3);
  expect(again.stdout).toContain('is in use by');
  await up.stop();
  const real = await runCommand(['up', '--data', data, '--port', '0', '--json'], {
    JSON2VIDEO_API_KEY: 'a-key',
  });
  expect(real.code).toBe(2);
  expect(real.stdout).toContain('belongs to the local JSON2Video');
}, 120_000);

async function killEach(up: Running): Promise<void> {
  for (const part of ['worker', 'server', 'provider', 'guard'] as const) {
    const before = partOf(up.pid, part);
    if (before === undefined) throw new Error(`up runs no ${part}`);
    process.kill(before, 'SIGKILL');
    const isReplaced = (): boolean => ![before, undefined].includes(partOf(up.pid, part));
    await expect.poll(isReplaced, { timeout: 60_000 }).toBe(true);
  }
}

test('up replaces each of its processes; killed as a whole it leaves none, and its next start continues its renders', async () => {
  const data = await freshDataFolder();
  const up = await startUp(data, ['--local']);
  const token = up.said['token'];
  const key = freshKey('up-parts');
  await apiOf(up, token)('PUT', `/v1/renders/${key}`, { movie: CARD });
  await killEach(up);
  const another = freshKey('up-whole');
  await expect
    .poll(async () => (await apiOf(up, token)('PUT', `/v1/renders/${another}`, { movie: CARD })).status, {
      timeout: 60_000,
    })
    .toBeLessThan(300);
  const family = familyOf(up.pid).map(({ pid }) => pid);
  for (const pid of family) killIfAlive(pid);
  await up.exit;

  const next = await startUp(data, ['--local']);
  expect(next.said).not.toHaveProperty('token');
  // Callbacks of the killed one name another port, so the slower safety checks find the end.
  for (const each of [key, another]) {
    const ended = async () => (await apiOf(next, token)('GET', `/v1/renders/${each}`)).text();
    await expect.poll(ended, { timeout: 240_000 }).toContain('"status":"done"');
  }
  const { movies } = await ledgerAt(String(next.said['json2videoUrl']));
  expect(movies.map((movie) => movie.key)).toHaveLength(2);
  expect(new Set(movies.map((movie) => movie.key))).toEqual(new Set([key, another]));
}, 600_000);

test('a Ctrl-C on a terminal stops the processes in their order, and none is replaced meanwhile', async () => {
  const data = await freshDataFolder();
  const up = ['up', '--local', '--port', '0', '--data', data];
  const seen = await runOnTerminal(
    up,
    { RENDERONCE_LOG_LEVEL: 'error' },
    { prompt: 'Ctrl-C', answer: '\u0003' },
  );
  expect(seen.code).toBe(0);
  expect(seen.screen).not.toContain('starting another');
}, 60_000);

test('commands beside a running up need no variables; one that names another engine wins', async () => {
  const data = await freshDataFolder();
  const up = await startUp(data, LOCAL);
  const cwd = dirname(data);
  const env = { RENDERONCE_DATA: 'data' };
  const movie = join(cwd, 'movie.json');
  await writeFile(movie, JSON.stringify(CARD));
  const key = freshKey('up-beside');
  const run = (...args: string[]) => runCommand([...args, '--json'], env, cwd);
  expect(await run('submit', key, movie, '--wait')).toMatchObject({ code: 0 });
  expect(JSON.parse((await run('doctor')).stdout)).toMatchObject({ ok: true });
  expect(await run('audit', '--since', '2026-01-01')).toMatchObject({ code: 0 });
  expect(await run('trigger', key)).toMatchObject({ code: 0 });
  expect((await run('open', key)).stdout).toContain(`${String(up.said['url'])}/render?key=${key}`);
  expect((await run('open', key, '--temporal')).stdout).toContain(String(up.said['temporalUi']));
  expect(JSON.parse((await run('list')).stdout)).toMatchObject({ renders: [{ key, state: 'done' }] });
  const other = await runCommand(['list', '--json'], { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, cwd);
  expect(other.code).toBe(3);
  await up.stop();
  // Nothing runs there any more.
  const address = { ...env, TEMPORAL_ADDRESS: undefined };
  const after = await runCommand(['open', key, '--json'], address, cwd);
  expect(after.stdout).not.toContain(String(up.said['temporalUi']));
  expect(after.stdout).not.toContain(`${String(up.said['url'])}/`);
}, 180_000);

import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodeFolder } from '../support/another-node.js';
import { MAIN } from '../support/compiled.js';
import { startLocalProvider } from '../support/local-provider.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';
import { freshKey } from '../support/stage.js';
import { until } from '../support/until.js';
import { apiOf, freshDataFolder, jsonOf, killAll, projectOf, startUp } from '../support/up.js';

expectNoProcessLeft();

test('after a restore nothing that was sent since the backup is paid again, and what the backup holds is known at once', async () => {
  const data = await freshDataFolder();
  const provider = await startLocalProvider({ timeScale: 20 });
  onTestFinished(() => provider.stop());
  const env = { JSON2VIDEO_URL: provider.url, JSON2VIDEO_API_KEY: provider.apiKey };
  const up = await startUp(data, [], env);
  const token = up.said['token'];
  const [before, open, since] = ['before', 'open', 'since'].map((what) => freshKey(what)) as [
    string,
    string,
    string,
  ];
  const first = await projectOf(apiOf(up, token), before);
  // Its POST is under way while the backup is made.
  const parked = await provider.fault({
    match: { call: 'create', key: open },
    effect: { kind: 'park', at: 'before' },
  });
  const opening = projectOf(apiOf(up, token), open);
  await until(
    'the POST is under way',
    async () => (await provider.requests({ call: 'create', key: open })).length > 0,
  );

  const file = join(dirname(data), 'backup.db');
  const backedUp = await jsonOf('backup', file, '--data', data);
  expect(backedUp).toMatchObject({ code: 0, file, sizeBytes: expect.any(Number) });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await provider.release(parked);
  const projects = [first, await opening, await projectOf(apiOf(up, token), since)];

  expect(await jsonOf('restore', file, '--data', data)).toMatchObject({
    code: 3,
    error: { message: expect.stringContaining('is in use by') },
  });
  await killAll(up);
  const restored = await jsonOf('restore', file, '--data', data);
  expect(restored).toMatchObject({ code: 0, lookFrom: backedUp['takenAt'] });
  expect(await readFile(join(data, 'settings.json'), 'utf8')).toContain(
    `"RENDERONCE_LOOK_FROM": "${String(backedUp['takenAt'])}"`,
  );

  const next = await startUp(data, [], env);
  const call = apiOf(next, token);
  expect((await call('GET', `/v1/renders/${since}`)).status).toBe(404);
  expect(await (await call('GET', `/v1/renders/${before}`)).json()).toMatchObject({ project: first });
  expect(await Promise.all([before, open, since].map((key) => projectOf(call, key)))).toEqual(projects);
  for (const key of [before, open, since]) expect(await provider.movies(key)).toHaveLength(1);
}, 400_000);

test('a restore keeps the replaced database, works into an empty folder, and carries tokens and an earlier restore over', async () => {
  const data = await freshDataFolder();
  const up = await startUp(data, ['--local', '--time-scale', '20']);
  const token = up.said['token'];
  const key = freshKey('kept');
  await projectOf(apiOf(up, token), key);
  const file = join(dirname(data), 'one.db');
  const { takenAt } = await jsonOf('backup', file, '--data', data);
  await up.stop();
  expect(await jsonOf('restore', file, '--data', data)).toMatchObject({
    replaced: expect.stringContaining('temporal.db.replaced-'),
  });
  // A later backup of the restored engine still forgets what the first restore forgot.
  const later = join(dirname(data), 'two.db');
  await jsonOf('backup', later, '--data', data);
  const empty = join(dirname(data), 'empty');
  expect(await jsonOf('restore', later, '--data', empty)).toMatchObject({ code: 0, lookFrom: takenAt });
  expect((await readdir(empty)).toSorted()).toEqual(['settings.json', 'temporal.db', 'tokens']);
  const next = await startUp(empty, ['--local', '--time-scale', '20']);
  expect(next.said).not.toHaveProperty('token');
  expect((await apiOf(next, token)('GET', `/v1/renders/${key}`)).status).toBe(200);
}, 200_000);

test('an interrupted restore starts no engine that forgets keys; damaged and foreign files are refused by name', async () => {
  const data = await freshDataFolder();
  const up = await startUp(data, ['--local']);
  await up.stop();
  const file = join(dirname(data), 'one.db');
  expect(await jsonOf('backup', file, '--data', data)).toMatchObject({ code: 0 });
  const settings = join(data, 'settings.json');
  const known = JSON.parse(await readFile(settings, 'utf8')) as object;
  await writeFile(settings, JSON.stringify({ ...known, restoring: true }));
  expect(await jsonOf('up', '--data', data, '--port', '0', '--local')).toMatchObject({
    code: 2,
    error: { message: expect.stringContaining('was interrupted') },
  });
  expect(await jsonOf('restore', file, '--data', data)).toMatchObject({ code: 0 });
  expect(await readFile(settings, 'utf8')).not.toContain('restoring');

  const damaged = join(dirname(data), 'damaged.db');
  await copyFile(file, damaged);
  const bytes = await readFile(damaged);
  await writeFile(damaged, bytes.subarray(0, bytes.length / 2));
  const foreign = join(dirname(data), 'notes.txt');
  await writeFile(foreign, 'not to be lost');
  for (const bad of [damaged, foreign, join(dirname(data), 'absent.db')]) {
    expect(await jsonOf('restore', bad, '--data', data)).toMatchObject({
      code: 2,
      error: { message: expect.stringContaining(bad) },
    });
  }
  expect(await jsonOf('backup', foreign, '--data', data)).toMatchObject({ code: 2 });
  expect(await readFile(foreign, 'utf8')).toBe('not to be lost');
  // An earlier backup is replaced.
  expect(await jsonOf('backup', file, '--data', data)).toMatchObject({ code: 0 });
}, 120_000);

const node24 = await nodeFolder(24);

// The whole check installs it, and fails without it.
test.skipIf(typeof node24 === 'string' && process.env['CI'] === undefined)(
  'a Node that has SQLite makes and reads backups without Python, and Python reads them as well',
  async () => {
    if (typeof node24 === 'string') throw new Error(node24);
    const data = await freshDataFolder();
    const up = await startUp(data, ['--local', '--time-scale', '20']);
    const key = freshKey('sqlite');
    const project = await projectOf(apiOf(up, up.said['token']), key);
    const file = join(dirname(data), 'by-node.db');
    const withoutPython = (...args: string[]) =>
      runProgram(join(node24.bin, 'node'), [MAIN, ...args, '--json'], { env: { PATH: node24.bin } });
    expect(await withoutPython('backup', file, '--data', data)).toMatchObject({ code: 0, stderr: '' });
    await up.stop();
    const one = join(dirname(data), 'one');
    expect(await withoutPython('restore', file, '--data', one)).toMatchObject({ code: 0, stderr: '' });
    const two = join(dirname(data), 'two');
    expect(await jsonOf('restore', file, '--data', two)).toMatchObject({ code: 0 });
    const next = await startUp(two, ['--local', '--time-scale', '20']);
    const reply = await apiOf(next, up.said['token'])('GET', `/v1/renders/${key}`);
    expect(await reply.json()).toMatchObject({ project });
  },
  120_000,
);

import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineError, findEngine, isSuitableServer } from '../../src/engine/index.js';
import { temporaryFolder, writeScript, writeTemporal } from './fakes.js';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
let cache: string;
let first: string;
let second: string;

beforeEach(async () => {
  place = await temporaryFolder();
  cache = join(place.folder, 'cache');
  first = join(place.folder, 'first');
  second = join(place.folder, 'second');
});

afterEach(() => place.remove());

/** Two folders on the PATH, a cache, nothing else. */
function environment(more: Record<string, string> = {}) {
  return { PATH: [first, second].join(delimiter), XDG_CACHE_HOME: cache, ...more };
}

function fillCache(server: string): Promise<string> {
  return writeTemporal(join(cache, 'renderonce'), server, 'temporal-1.9.1-linux-x64');
}

const machine = { platform: 'linux', architecture: 'x64' };

test('the variable comes before the PATH and the cache', async () => {
  const named = await writeTemporal(join(place.folder, 'elsewhere'), '1.29.0');
  await writeTemporal(first, '1.31.0');
  await fillCache('1.32.0');
  const env = environment({ RENDERONCE_TEMPORAL_CLI: named });
  expect(await findEngine({ env, ...machine })).toEqual({
    path: named,
    version: '1.29.0',
    source: 'variable',
  });
});

test('a suitable temporal on the PATH comes before the cache', async () => {
  const path = await writeTemporal(first, '1.31.0');
  await fillCache('1.32.0');
  expect(await findEngine({ env: environment(), ...machine })).toEqual({
    path,
    version: '1.31.0',
    source: 'path',
  });
});

test('an unsuitable temporal on the PATH is passed over for a suitable one behind it', async () => {
  await writeTemporal(first, '1.27.9');
  const path = await writeTemporal(second, '1.28.0');
  expect(await findEngine({ env: environment(), ...machine })).toEqual({
    path,
    version: '1.28.0',
    source: 'path',
  });
});

test.each([
  ['an old one', 'echo "temporal version 1.2.0 (Server 1.26.2, UI 2.34.0)"'],
  ['one that fails', 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"; exit 1'],
  ['something else of that name', 'echo "temporal 4.2"'],
])('with only %s on the PATH the cache is used', async (_what, body) => {
  await writeScript(first, 'temporal', body);
  const path = await fillCache('1.32.0');
  expect(await findEngine({ env: environment(), ...machine })).toEqual({
    path,
    version: '1.32.0',
    source: 'cache',
  });
});

test('a folder or a plain file named temporal on the PATH is no engine', async () => {
  await mkdir(join(first, 'temporal'), { recursive: true });
  const path = await fillCache('1.32.0');
  expect(await findEngine({ env: environment(), ...machine })).toMatchObject({ path, source: 'cache' });
});

test('a relative PATH entry is not searched', async () => {
  const env = { ...environment(), PATH: ['.', '', 'bin', second].join(delimiter) };
  const path = await writeTemporal(second, '1.30.0');
  expect(await findEngine({ env, ...machine })).toMatchObject({ path });
});

test('without XDG_CACHE_HOME, or with a relative one, the cache is in the home directory', async () => {
  const home = join(place.folder, 'home');
  const path = await writeTemporal(
    join(home, '.cache', 'renderonce'),
    '1.32.0',
    'temporal-1.9.1-darwin-arm64',
  );
  const env = { PATH: first, HOME: home, XDG_CACHE_HOME: 'relative' };
  const found = await findEngine({ env, platform: 'darwin', architecture: 'arm64' });
  expect(found).toEqual({ path, version: '1.32.0', source: 'cache' });
});

test.each([
  ['names nothing', undefined, 'ENGINE_NOT_FOUND', 'not an executable file'],
  ['names another program', 'echo hello', 'ENGINE_UNSUITABLE', 'names no Temporal server'],
  [
    'names an old server',
    'echo "temporal version 1.2.0 (Server 1.26.2, UI 2.34.0)"',
    'ENGINE_UNSUITABLE',
    'server 1.26.2, but 1.28 or newer',
  ],
])('a variable that %s is an error that names it, never passed over', async (_what, body, code, text) => {
  const named = join(place.folder, 'named');
  if (body !== undefined) await writeScript(place.folder, 'named', body);
  await writeTemporal(first, '1.32.0');
  const failure = findEngine({ env: environment({ RENDERONCE_TEMPORAL_CLI: named }), ...machine });
  await expect(failure).rejects.toBeInstanceOf(EngineError);
  await expect(failure).rejects.toMatchObject({
    code,
    message: expect.stringContaining('RENDERONCE_TEMPORAL_CLI'),
    next: expect.stringContaining('RENDERONCE_TEMPORAL_CLI'),
  });
  await expect(failure).rejects.toThrow(text);
});

test('an empty variable counts as unset', async () => {
  const path = await writeTemporal(first, '1.31.0');
  const env = environment({ RENDERONCE_TEMPORAL_CLI: '' });
  expect(await findEngine({ env, ...machine })).toMatchObject({ path, source: 'path' });
});

test('the API key is not handed to the executable that is asked for its version', async () => {
  const body = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"; [ -z "$JSON2VIDEO_API_KEY" ]';
  const path = await writeScript(first, 'temporal', body);
  const env = environment({ JSON2VIDEO_API_KEY: 'secret', TEMPORAL_ENV: 'none' });
  expect(await findEngine({ env, ...machine })).toMatchObject({ path });
});

test.each([
  ['1.28.0', true],
  ['1.27.99', false],
  ['1.100', true],
  ['2.0.0', true],
  ['0.99.0', false],
])('server %s is suitable: %s', (version, suitable) => {
  expect(isSuitableServer(version)).toBe(suitable);
});

test("the server's version is read, not the CLI's", async () => {
  const versionIn = async (text: string): Promise<string> => {
    const path = await writeScript(first, 'cli', `echo '${text}'`);
    const found = await findEngine({ env: environment({ RENDERONCE_TEMPORAL_CLI: path }), ...machine });
    return found.version;
  };
  expect(await versionIn('temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)')).toBe('1.32.0');
  expect(await versionIn('temporal version 0.0.0-DEV (Server 1.30.0-148.4, UI 2.45.0)')).toBe('1.30.0');
  await expect(versionIn('temporal version 1.32.0')).rejects.toMatchObject({ code: 'ENGINE_UNSUITABLE' });
});

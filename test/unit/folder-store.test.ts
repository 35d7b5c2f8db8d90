import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openVideoStore } from '../../src/keep/open-store.js';
import type { VideoStore } from '../../src/keep/video-store.js';
import { keep, VIDEO_PATH } from '../support/keeping.js';
import { madeVideo, sha256 } from '../support/made-video.js';
import { runProgram } from '../support/run-program.js';
import {
  cutAfter,
  inChunks,
  says,
  startVideoServer,
  type VideoServer,
  whole,
} from '../support/video-server.js';

const FILE = madeVideo(2_000_000);

let folder: string;
let store: VideoStore;
let server: VideoServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-keep-'));
  store = await openVideoStore({ keep: pathToFileURL(folder).href });
  server = await startVideoServer(whole(FILE));
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const video = (): string => join(folder, VIDEO_PATH);
const manifest = (): string => video().replace('.mp4', '.json');

/** The names of all files below the folder, those that are being written too. */
async function files(): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
}

async function put(file: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

test('a video is kept whole, with a manifest beside it', async () => {
  const kept = await keep(store, server, { sizeBytes: FILE.length });
  expect(sha256(await readFile(video()))).toBe(sha256(FILE));
  expect(kept).toEqual({
    project: 'PROJECT1',
    store: pathToFileURL(video()).href,
    sha256: sha256(FILE),
    sizeBytes: FILE.length,
    keptAt: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect(JSON.parse(await readFile(manifest(), 'utf8'))).toEqual({
    key: 'order-1',
    project: 'PROJECT1',
    sha256: sha256(FILE),
    sizeBytes: FILE.length,
    keptAt: kept.keptAt,
    source: `${server.url}/clients/c/renders/1.mp4`,
  });
  expect(await files()).toEqual(['PROJECT1.json', 'PROJECT1.mp4']);
});

test('a manifest holds no signature of the address that the file came from', async () => {
  await keep(store, server, { path: '/clients/c/1.mp4?X-Amz-Signature=secret' });
  expect(await readFile(manifest(), 'utf8')).not.toContain('secret');
});

test('a video that is kept already is not downloaded again, and the answer stays the same', async () => {
  const first = await keep(store, server, { sizeBytes: FILE.length });
  expect(await keep(store, server, { sizeBytes: FILE.length })).toEqual(first);
  expect(server.requests()).toBe(1);
});

test('two workers that keep one video at the same time get the same answer', async () => {
  const answers = await Promise.allSettled([1, 2, 3].map(() => keep(store, server)));
  const kept = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  expect(kept.length).toBeGreaterThan(0);
  const last = await keep(store, server);
  for (const each of kept) expect(each).toEqual(last);
  expect(sha256(await readFile(video()))).toBe(sha256(FILE));
  expect(await files()).toEqual(['PROJECT1.json', 'PROJECT1.mp4']);
});

test('a file of another size is never replaced, and the error names both sizes', async () => {
  await put(video(), 'another');
  await expect(keep(store, server)).rejects.toThrow(
    `has 7 bytes, and the provider's file has ${FILE.length}: another file is never replaced`,
  );
  expect(await readFile(video(), 'utf8')).toBe('another');
});

test('a file of the right size that is no video is not taken for the copy', async () => {
  await put(video(), Buffer.alloc(FILE.length));
  await expect(keep(store, server, { sizeBytes: FILE.length })).rejects.toThrow(
    'is there already, and the file is no MP4',
  );
});

test('a manifest of another file is named, and stays', async () => {
  await put(manifest(), '{"project":"OTHER"}');
  await expect(keep(store, server)).rejects.toThrow('is no manifest of project PROJECT1');
  expect(await readFile(manifest(), 'utf8')).toBe('{"project":"OTHER"}');
});

test('what a killed worker left is removed by the next attempt', async () => {
  await put(join(dirname(video()), '.PROJECT1.mp4.0000.part'), FILE.subarray(0, 1_000));
  await keep(store, server);
  expect(await files()).toEqual(['PROJECT1.json', 'PROJECT1.mp4']);
});

test.each([
  ['is cut', cutAfter(FILE, 1_000_000), 'PROJECT1'],
  ['is truncated, and announced so', whole(FILE.subarray(0, -1)), 'truncated'],
  ['is longer than its boxes', whole(Buffer.concat([FILE, Buffer.from('more')])), 'truncated'],
  ['is empty', whole(Buffer.alloc(0)), 'no box ftyp'],
  ['is a page of HTML', says(200, '<html></html>', { 'content-type': 'text/html' }), 'answers with a page'],
  ['is compressed', says(200, 'x', { 'content-encoding': 'gzip' }), 'compresses the file'],
  ['is in chunks', inChunks, 'how long the file is'],
])(
  'a file that %s leaves nothing in the folder; the next attempt keeps the video',
  async (what, answer, why) => {
    server.answerWith(answer);
    await expect(keep(store, server)).rejects.toThrow(what === 'is cut' ? undefined : why);
    expect(await files()).toEqual([]);
    server.answerWith(whole(FILE));
    expect((await keep(store, server)).sha256).toBe(sha256(FILE));
  },
);

test('a cancelled attempt leaves nothing', async () => {
  const cancel = new AbortController();
  const terms = { signal: cancel.signal, onBytes: () => cancel.abort() };
  await expect(keep(store, server, terms)).rejects.toThrow('abort');
  expect(await files()).toEqual([]);
});

test('names from outside cannot leave the folder', async () => {
  for (const terms of [
    { project: '../../x' },
    { namespace: '..' },
    { key: '../x' },
    { project: '.', namespace: 'a/b' },
  ]) {
    const kept = await keep(store, server, terms);
    expect(new URL(kept.store).pathname.startsWith(`${folder}/`)).toBe(true);
  }
  const [...names] = await readdir(folder);
  expect(names.toSorted()).toEqual(['=2E.', 'a=2Fb', 'default']);
});

describe('a full disk', () => {
  const SIZE = 'size=1m';
  let isMounted = false;
  beforeEach(async () => {
    isMounted = (await runProgram('mount', ['-t', 'tmpfs', '-o', SIZE, 'none', folder])).code === 0;
  });
  afterEach(async () => {
    if (isMounted) await runProgram('umount', [folder]);
  });

  test('is named with its fix and leaves no part; the video is kept once there is room', async (context) => {
    if (!isMounted) context.skip('only root may mount a small file system');
    await expect(keep(store, server)).rejects.toThrow(
      `the folder ${folder} is full: make room, or let RENDERONCE_KEEP name another folder (ENOSPC)`,
    );
    expect(await files()).toEqual([]);
    await runProgram('mount', ['-o', 'remount,size=9m', folder]);
    expect((await keep(store, server)).sha256).toBe(sha256(FILE));
  });

  test('that is full for the manifest only is bridged by the next attempt', async (context) => {
    if (!isMounted) context.skip('only root may mount a small file system');
    await runProgram('mount', [
      '-o',
      `remount,size=${Math.ceil(FILE.length / 4_096) * 4}k,nr_inodes=5`,
      folder,
    ]);
    await expect(keep(store, server)).rejects.toThrow('is full');
    await runProgram('mount', ['-o', 'remount,size=9m,nr_inodes=99', folder]);
    expect((await keep(store, server)).sha256).toBe(sha256(FILE));
    expect(await files()).toEqual(['PROJECT1.json', 'PROJECT1.mp4']);
  });
});

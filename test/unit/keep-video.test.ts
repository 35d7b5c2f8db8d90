import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createKeepVideo } from '../../src/activities/keep-video.js';
import { checkKeeping } from '../../src/cli/commands/doctor/keep-check.js';
import { readConfig } from '../../src/config.js';
import type { Json2Video } from '../../src/json2video/client.js';
import { createVideoFiles, type VideoFiles } from '../../src/json2video/video-files.js';
import { openVideoStore } from '../../src/keep/open-store.js';
import type { VideoStore } from '../../src/keep/video-store.js';
import type { KeepVideoRequest, KeptVideo } from '../../src/render/kept.js';
import type { Reading } from '../../src/render/reading.js';
import { madeVideo, sha256 } from '../support/made-video.js';
import { says, startVideoServer, type VideoServer, whole } from '../support/video-server.js';

const FILE = madeVideo(50_000);
const NOW = Date.parse('2026-11-29T12:00:00.000Z');
const LATER = '2026-12-01T12:00:00.000Z';

let folder: string;
let server: VideoServer;
let files: VideoFiles;
let store: VideoStore;
let ends: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-activity-'));
  server = await startVideoServer(whole(FILE));
  files = createVideoFiles({ apiUrl: server.url, env: {} });
  store = await openVideoStore({ keep: pathToFileURL(folder).href });
  ends = [];
});
afterEach(async () => {
  await Promise.all([files.close(), server.close(), rm(folder, { recursive: true, force: true })]);
});

/** Runs one attempt; `reading` is the provider's answer if it is asked for the file's address. */
async function keepVideo(more: Partial<KeepVideoRequest> = {}, reading?: Reading): Promise<KeptVideo> {
  const request = { key: 'order-1', project: 'PROJECT1', url: `${server.url}/1.mp4`, sizeBytes: FILE.length };
  const read = async (): Promise<Reading> => {
    if (reading === undefined) throw new Error('the provider is not to be asked');
    return reading;
  };
  const activity = createKeepVideo({
    json2video: { read } as unknown as Json2Video,
    keeping: { store, files, onCopy: (end) => void ends.push(end) },
    now: () => NOW,
    monotonicNow: () => 0,
  });
  const withAbortSignal = (_signal: AbortSignal, run: () => unknown): unknown => run();
  const client = { options: { namespace: 'default' }, withAbortSignal } as unknown as Client;
  const env = new MockActivityEnvironment({}, { client });
  return (await env.run(activity, { expiresAt: LATER, ...request, ...more })) as KeptVideo;
}

const gone: Reading = { says: 'gone', message: 'done, but without a file' };
const doneAt = (url: string): Reading => ({
  says: 'done',
  video: {
    url,
    durationSeconds: 1,
    sizeBytes: FILE.length,
    width: 1,
    height: 1,
    createdAt: null,
    endedAt: null,
    clientData: {},
  },
});

test('an attempt copies the video', async () => {
  expect(await keepVideo()).toMatchObject({ sha256: sha256(FILE), keptAt: '2026-11-29T12:00:00.000Z' });
  expect(ends).toEqual(['kept']);
});

test('a file that has moved is copied from its new address', async () => {
  server.answerWith(says(404, ''), whole(FILE));
  expect(await keepVideo({}, doneAt(`${server.url}/2.mp4`))).toMatchObject({ sha256: sha256(FILE) });
});

test.each([
  ['the provider has deleted it', 404, {}, gone, 'VideoLost'],
  [
    'its time is over',
    404,
    { expiresAt: '2026-11-29T11:59:59.000Z' },
    { says: 'unreadable', message: 'HTTP 500' } as const,
    'VideoLost',
  ],
  ['its server fails', 500, {}, undefined, 'KeepFailed'],
  [
    'its server does not show it now',
    403,
    {},
    { says: 'unreadable', message: 'HTTP 500' } as const,
    'KeepFailed',
  ],
  ['its server fails after its time', 500, { expiresAt: '2026-11-29T11:59:59.000Z' }, undefined, 'VideoLost'],
] as const)('a file of which it is known that %s', async (_what, status, more, reading, type) => {
  server.answerWith(says(status, ''));
  const isLost = type === 'VideoLost';
  await expect(keepVideo(more, reading)).rejects.toMatchObject({ type, nonRetryable: isLost });
  expect(ends).toEqual([isLost ? 'lost' : 'failed']);
});

test('doctor probes a folder, and names one that cannot be used', async () => {
  const check = (keep: string) => checkKeeping(readConfig({ RENDERONCE_KEEP: keep }));
  expect(await checkKeeping(readConfig({}))).toEqual([]);
  expect(await check(pathToFileURL(folder).href)).toMatchObject([
    { level: 'ok', message: expect.stringContaining('all workers and servers must share this folder') },
  ]);
  expect(await check('file:///dev/null/videos')).toMatchObject([
    { level: 'wrong', message: expect.stringContaining('is no folder') },
  ]);
});

test.each(['bucket/prefix', 's3:/bucket', 'https://bucket.example.com', 'file://host/folder', 'file:///'])(
  'RENDERONCE_KEEP=%s is refused with a sentence',
  async (keep) => {
    const open = async () => openVideoStore(readConfig({ RENDERONCE_KEEP: keep }).keep.store ?? { keep });
    await expect(open()).rejects.toMatchObject({ code: 'ConfigInvalid' });
  },
);

test('settings of a store are read from the environment', () => {
  const config = readConfig({
    RENDERONCE_KEEP: 's3://videos/renders',
    RENDERONCE_KEEP_PUBLIC_URL: 'https://cdn.example.com',
    RENDERONCE_KEEP_HOSTS: 'a.example.com, B.example.com',
    RENDERONCE_S3_ENDPOINT: 'http://127.0.0.1:9000',
    RENDERONCE_S3_PATH_STYLE: 'on',
  });
  expect(config.keep).toEqual({
    store: {
      keep: 's3://videos/renders',
      publicUrl: 'https://cdn.example.com',
      s3Endpoint: 'http://127.0.0.1:9000',
      s3PathStyle: true,
    },
    hosts: ['a.example.com', 'b.example.com'],
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, MOVIE, pathOf } from '../http/http-stage.js';
import { sha256 } from '../support/made-video.js';
import { expectNoProcessLeft, type Running } from '../support/processes.js';
import { CREDENTIALS, type S3Server, startMoto } from '../support/s3-server.js';
import { freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
let folder: string;
let server: Running;
let withCdn: Running;
let withoutKeep: Running;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-video-'));
  const keep = { RENDERONCE_KEEP: pathToFileURL(folder).href };
  stage = await openStage({ provider: { renderSeconds: 0 } });
  [server, withCdn, withoutKeep] = await Promise.all([
    stage.startServer(keep),
    stage.startServer({ ...keep, RENDERONCE_KEEP_PUBLIC_URL: 'https://cdn.example.com' }),
    stage.startServer(),
    stage.hostWorker(keep),
  ]);
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

/** Renders a key over HTTP, and waits until its view shows the copy. */
async function keptView(key: string, options: object = {}): Promise<Readonly<Record<string, unknown>>> {
  await call(server, 'PUT', pathOf(key), { body: { ...MOVIE, ...options } });
  const read = async () => (await call(server, 'GET', pathOf(key), { headers: { prefer: 'wait=30' } })).body;
  await expect.poll(read, { timeout: 20_000 }).toHaveProperty('kept');
  return read();
}

/** Asks for the video, and returns the answer with its bytes. */
async function video(of: Running, key: string, headers: Record<string, string> = {}) {
  const reply = await fetch(`${String(of.said['url'])}${pathOf(key, '/video')}`, {
    headers,
    redirect: 'manual',
  });
  const body = Buffer.from(await reply.arrayBuffer());
  const { status } = reply;
  return { status, body, of: (name: string) => reply.headers.get(name) };
}

test('a copy in a folder is served whole and in ranges, and the view names it', async () => {
  const key = freshKey('video');
  const { kept } = (await keptView(key)) as { kept: { sha256: string; sizeBytes: number; store: string } };
  expect(kept.store).toContain(pathToFileURL(folder).href);
  const whole = await video(server, key);
  expect(whole).toMatchObject({ status: 200 });
  expect(sha256(whole.body)).toBe(kept.sha256);
  expect([whole.of('content-type'), whole.of('accept-ranges'), whole.of('etag')]).toEqual([
    'video/mp4',
    'bytes',
    `"${kept.sha256}"`,
  ]);
  const last = kept.sizeBytes - 1;
  for (const [range, first, end] of [
    ['bytes=0-99', 0, 99],
    ['bytes=100-', 100, last],
    ['bytes=-50', last - 49, last],
    [`bytes=5-${last + 1_000}`, 5, last],
  ] as const) {
    const part = await video(server, key, { range });
    expect(part.status).toBe(206);
    expect(part.of('content-range')).toBe(`bytes ${first}-${end}/${kept.sizeBytes}`);
    expect(part.body.equals(whole.body.subarray(first, end + 1))).toBe(true);
  }
  for (const range of ['bytes=9-1', 'lines=1-2', 'bytes=0-1,5-6']) {
    expect((await video(server, key, { range })).status).toBe(200);
  }
  expect((await video(server, key, { range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
  const beyond = await video(server, key, { range: `bytes=${kept.sizeBytes}-` });
  expect([beyond.status, beyond.of('content-range')]).toEqual([416, `bytes */${kept.sizeBytes}`]);
});

test('a lasting link wins, and a server that does not know the store leads to the provider', async () => {
  const key = freshKey('video');
  const { kept, outcome } = (await keptView(key)) as { kept: { store: string }; outcome: { url: string } };
  const lasting = await video(withCdn, key);
  expect(lasting.status).toBe(302);
  expect(lasting.of('location')).toBe(
    kept.store.replace(pathToFileURL(folder).href, 'https://cdn.example.com'),
  );
  const provider = await video(withoutKeep, key);
  expect([provider.status, provider.of('location')]).toEqual([302, outcome.url]);
});

test('a copy that was deleted from the folder is 404, and a render without a video too', async () => {
  const key = freshKey('video');
  const { kept } = (await keptView(key)) as { kept: { store: string } };
  await rm(fileURLToPath(kept.store));
  expect((await video(server, key)).status).toBe(404);
  const failed = freshKey('failed');
  const movie = { scenes: [{ elements: [{ type: 'no-such-element' }] }] };
  await call(server, 'PUT', pathOf(failed), { body: { movie } });
  expect((await video(server, failed)).status).toBe(404);
});

test('a copy in a bucket is reached by a signed link, without credentials', async (context) => {
  const s3: S3Server | string = await startMoto();
  if (typeof s3 === 'string') {
    if (process.env['CI'] !== undefined) throw new Error(s3);
    return context.skip(s3);
  }
  const keep = {
    ...CREDENTIALS,
    RENDERONCE_KEEP: `s3://${await s3.makeBucket()}/renders`,
    RENDERONCE_S3_ENDPOINT: s3.endpoint,
    RENDERONCE_S3_PATH_STYLE: 'on',
    RENDERONCE_TASK_QUEUE: `${stage.taskQueue}-s3`,
  };
  const [onS3] = await Promise.all([stage.startServer(keep), stage.startWorker(keep)]);
  const key = freshKey('signed');
  await call(onS3, 'PUT', pathOf(key), { body: MOVIE });
  const read = async () => (await call(onS3, 'GET', pathOf(key), { headers: { prefer: 'wait=30' } })).body;
  await expect.poll(read, { timeout: 20_000 }).toHaveProperty('kept.sha256');
  const { kept } = (await read()) as { kept: { sha256: string } };
  const link = await video(onS3, key);
  expect(link.status).toBe(302);
  const file = await fetch(String(link.of('location')));
  expect(sha256(Buffer.from(await file.arrayBuffer()))).toBe(kept.sha256);
  await s3.stop();
});

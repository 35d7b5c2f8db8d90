import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openVideoStore } from '../../src/keep/open-store.js';
import { videoPath } from '../../src/keep/video-path.js';
import { Renders } from '../../src/starter.js';
import { sha256 } from '../support/made-video.js';
import { expectNoProcessLeft, runCommand } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';

expectNoProcessLeft();

let stage: Stage;
let folder: string;
let keep: string;
let stopWorker: () => Promise<void>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renderonce-kept-'));
  keep = pathToFileURL(join(folder, 'videos')).href;
  stage = await openStage({ provider: { renderSeconds: 0 } });
  stopWorker = await stage.hostWorker({ RENDERONCE_KEEP: keep });
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

test('the video of a render is kept, and every way to ask shows the same copy', async () => {
  const key = freshKey('keep');
  const video = await stage.renders.render(key, CARD);
  const kept = await stage.renders.kept(key);
  const file = await readFile(fileURLToPath(kept.store));
  const provided = Buffer.from(await (await fetch(video.url)).arrayBuffer());
  expect(kept).toEqual({
    key,
    project: video.project,
    store: `${keep}/${videoPath({ namespace: stage.engine.namespace, key, project: video.project })}`,
    sha256: sha256(provided),
    sizeBytes: video.sizeBytes,
    keptAt: expect.any(String),
  });
  expect(sha256(file)).toBe(kept.sha256);
  const { key: _, ...copy } = kept;
  expect(await stage.renders.status(key)).toMatchObject({ state: 'done', kept: copy });
  const story = await stage.renders.story(key);
  expect(story.events.at(-1)?.text).toContain(`the video is kept: ${kept.store.slice(0, 40)}`);

  const ran = await runCommand(['kept', key, '--json'], stage.env);
  expect(ran).toMatchObject({ code: 0 });
  expect(JSON.parse(ran.stdout)).toEqual(kept);
});

test('kept waits for a render that has not ended, and link gives the lasting link', async () => {
  const key = freshKey('keep');
  await stage.renders.submitOnce(key, CARD);
  const withCdn = await openVideoStore({ keep, publicUrl: 'https://cdn.example.com' });
  const renders = new Renders({ client: stage.client, taskQueue: stage.taskQueue, keep: withCdn });
  const kept = await renders.kept(key);
  expect(kept.url).toBe(kept.store.replace(keep, 'https://cdn.example.com'));
  expect(await renders.link(key)).toBe(kept.url);
  await expect(renders.link(key, { seconds: 0 })).rejects.toMatchObject({ code: 'OptionsInvalid' });
  await expect(stage.renders.link(key)).rejects.toMatchObject({ code: 'ConfigInvalid' });
});

test('a wait for a copy ends with the signal of its caller', async () => {
  const key = freshKey('wait');
  const idle = new Renders({ client: stage.client, taskQueue: 'nobody-polls' });
  await idle.start(key, CARD);
  await expect(idle.kept(key, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
});

test('a render that is not to be kept, and one without a video, have no copy', async () => {
  const [off, failed] = [freshKey('off'), freshKey('rejected')];
  await stage.renders.render(off, CARD, { keep: false });
  await expect(stage.renders.kept(off)).rejects.toMatchObject({ code: 'NotKept', key: off });
  const broken = { template: 'doesNotExist00000000' };
  await stage.renders.render(failed, broken).catch(() => undefined);
  await expect(stage.renders.kept(failed)).rejects.toMatchObject({ code: 'NotKept', key: failed });
  const ran = await runCommand(['kept', off, '--json'], stage.env);
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toMatchObject({ error: { code: 'NotKept' } });
});

test('a copy is downloaded to a new file, and never over another one', async () => {
  const key = freshKey('download');
  await stage.renders.render(key, CARD);
  const { sha256: digest, store } = await stage.renders.kept(key);
  const file = join(folder, 'download.mp4');
  const env = { ...stage.env, RENDERONCE_KEEP: keep };
  expect(await runCommand(['kept', key, '--download', file], env)).toMatchObject({ code: 0 });
  expect(sha256(await readFile(file))).toBe(digest);
  expect(await runCommand(['kept', key, '--download', file], env)).toMatchObject({ code: 2 });
  await writeFile(fileURLToPath(store), 'changed since');
  const ran = await runCommand(['kept', key, '--download', `${file}.2`], env);
  expect(ran).toMatchObject({ code: 1 });
  expect(ran.stderr).toContain('the copy was changed since it was kept');
});

test('another file under the name of the video is never replaced: the video is lost, and its render is listed', async () => {
  const key = freshKey('lost');
  const { project } = await stage.renders.submitOnce(key, CARD, { webhook: false });
  const path = videoPath({ namespace: stage.engine.namespace, key, project });
  const file = fileURLToPath(`${keep}/${path}`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'another file');
  await expect(stage.renders.kept(key)).rejects.toMatchObject({
    code: 'NotKept',
    message: expect.stringMatching(/has 12 bytes, and the provider's file has \d+/),
  });
  expect(await readFile(file, 'utf8')).toBe('another file');
  const { events, next } = await stage.renders.story(key);
  expect(events.at(-1)?.text).toMatch('the video is lost');
  expect(next).toEqual([
    expect.stringMatching(
      /remove the cause, and reset workflow renderonce\.after:lost-\S+ in the Temporal UI/,
    ),
  ]);
  await expect
    .poll(async () => (await runCommand(['list', '--kept', 'lost', '--json'], stage.env)).stdout)
    .toContain(key);
});

test('a video that the provider has deleted meanwhile is lost at once, not after seven days', async () => {
  await stopWorker();
  const stop = await stage.hostWorker({ RENDERONCE_KEEP: pathToFileURL('/dev/null/videos').href });
  const key = freshKey('deleted');
  const { project } = await stage.renders.render(key, CARD);
  await expect
    .poll(async () => (await stage.renders.story(key)).next.join(), { timeout: 20_000 })
    .toContain('is no folder');
  const headers = { 'x-api-key': stage.fake.apiKey };
  await fetch(`${stage.fake.url}/v2/movies?project=${project}`, { method: 'DELETE', headers });
  await stop();
  await stage.hostWorker({ RENDERONCE_KEEP: keep });
  await expect(stage.renders.kept(key)).rejects.toMatchObject({
    code: 'NotKept',
    message: expect.stringContaining(`the provider has deleted the file of project ${project}`),
  });
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findEngine, startEngine } from '../../src/engine/index.js';
import { callCommand } from '../support/call-command.js';
import { expectNoProcessLeft, runCommand, startCommand } from '../support/processes.js';
import { CARD, openStage } from '../support/stage.js';

expectNoProcessLeft();

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-commands-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('the demo proves in one run that every movie was paid for once, and what a naive client pays', async () => {
  // A proxy of the environment is not for what runs on this machine.
  const proxy = { https_proxy: 'http://127.0.0.1:1', grpc_proxy: 'http://127.0.0.1:1', no_proxy: undefined };
  const ran = await runCommand(['demo', '--json'], proxy);
  const demo = JSON.parse(ran.stdout);

  expect(ran.code).toBe(0);
  expect(demo).toMatchObject({
    ok: true,
    otherMovieRefused: true,
    temporalUi: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    totals: { callers: 31, postsAccepted: 7, duplicatePosts: 0 },
  });
  const { creditsSpent, creditsNaive, postsNaive } = demo.totals;
  expect(creditsSpent).toBeGreaterThan(0);
  expect(creditsNaive).toBeGreaterThan(creditsSpent);
  expect(postsNaive).toBeGreaterThan(30);
  expect(demo.keys).toHaveLength(7);
  expect(demo.keys).toContainEqual(expect.objectContaining({ key: 'order-12347-teaser', state: 'failed' }));
  expect(demo.keys).toContainEqual(
    expect.objectContaining({ key: 'campaign-summer-2026-ad-spanish', webhooks: 3 }),
  );
  for (const key of demo.keys) {
    expect(key).toEqual({
      key: expect.any(String),
      what: expect.any(String),
      state: expect.stringMatching(/^(done|failed)$/),
      project: expect.stringMatching(/^[A-Za-z0-9]{16}$/),
      callers: expect.any(Number),
      postsAccepted: 1,
      gets: expect.any(Number),
      webhooks: expect.any(Number),
      seconds: expect.any(Number),
    });
  }
}, 240_000);

test('dev runs engine, provider and worker; another terminal renders with them; a stop ends all of them', async () => {
  const folder = await temporaryFolder();
  const dev = await startCommand(['dev', '--port', '0', '--dir', folder, '--time-scale', '20'], {});
  const { url, temporalUi, temporalAddress } = dev.said;
  const movie = join(folder, 'movie.json');
  await writeFile(movie, JSON.stringify(CARD));
  const env = { TEMPORAL_ADDRESS: String(temporalAddress) };

  // The names of `up`: `url` is the server.
  expect(await (await fetch(`${String(url)}/healthz`)).json()).toEqual({ ok: true });
  expect((await fetch(String(temporalUi))).status).toBe(200);
  const submitted = await callCommand(['submit', 'dev-key', movie, '--json'], env);
  expect(JSON.parse(submitted.stdout)).toEqual({
    key: 'dev-key',
    project: expect.any(String),
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    submittedAt: expect.stringMatching(/^\d{4}-.*Z$/),
    replayed: false,
  });
  const result = await callCommand(['result', 'dev-key', '--json'], env);
  expect(JSON.parse(result.stdout)).toMatchObject({ status: 'done', key: 'dev-key' });
  const status = await callCommand(['status', 'dev-key', '--json'], env);
  expect(JSON.parse(status.stdout)).toMatchObject({ key: 'dev-key', state: 'done', attempts: 1 });

  expect(await dev.stop()).toBe(0);
  for (const address of [url, temporalUi])
    expect(await fetch(String(address)).catch(() => 'gone')).toBe('gone');
});

test('setup prepares a bare engine so that a worker starts, and changes nothing when repeated', async () => {
  const folder = await temporaryFolder();
  const { path: binary } = await findEngine({ env: process.env });
  const engine = await startEngine({
    binary,
    dbFile: join(folder, 'temporal.db'),
    retentionDays: 1,
    searchAttributes: {},
    env: process.env,
  });
  const env = {
    TEMPORAL_ADDRESS: engine.address,
    TEMPORAL_NAMESPACE: 'videos',
    JSON2VIDEO_API_KEY: 'x',
    RENDERONCE_KEY_MEMORY_DAYS: '45',
  };
  const first = JSON.parse((await callCommand(['setup', '--json'], env)).stdout);
  expect(first).toMatchObject({ namespace: 'videos', retentionDays: 45 });
  expect(first.done).toEqual([
    expect.stringMatching(/created namespace videos/),
    expect.stringMatching(/RenderState, RenderProject/),
  ]);
  const again = JSON.parse((await callCommand(['setup', '--json'], env)).stdout);
  expect(again).toEqual({ namespace: 'videos', retentionDays: 45, done: [] });

  const worker = await startCommand(['worker'], env);
  expect(await worker.stop()).toBe(0);
  await engine.stop();
});

test('a worker says loudly that the engine forgets keys earlier than RENDERONCE_KEY_MEMORY_DAYS says', async () => {
  const stage = await openStage();
  onTestFinished(() => stage.close());
  const worker = await stage.startWorker({ RENDERONCE_KEY_MEMORY_DAYS: '31' });
  expect(worker.stderr()).toMatch(/forgets closed keys after 30 days, and RENDERONCE_KEY_MEMORY_DAYS is 31/);
  expect(await worker.stop()).toBe(0);
});

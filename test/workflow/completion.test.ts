import { beforeEach, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { scriptedStage } from '../support/scripted-stage.js';
import { LOST, VIDEO } from '../support/scripted-provider.js';

const stage = scriptedStage();

const MOVIE = { scenes: [] };
const PROJECT = 'project000000001';
const RUNNING: Reading = { says: 'rendering', status: 'running' };
const DONE: Reading = { says: 'done', video: VIDEO };
const ERROR: Reading = { says: 'error', message: 'Failed to download' };
const GONE: Reading = { says: 'gone', message: '' };
const MISSING: Reading = {
  says: 'missing',
  message: "TypeError: Cannot read properties of null (reading 'success')",
};
const TIMEOUT: Reading = { says: 'timeout', message: 'took too long' };
const UNREADABLE: Reading = { says: 'unreadable', message: 'HTTP 503' };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let asked: number[] = [];
/** What the provider says, by the time since acceptance. */
let truth: (elapsedMs: number) => Reading = () => RUNNING;
beforeEach(() => {
  asked = [];
  const { provider } = stage;
  provider.read = async () => {
    const elapsedMs = (await provider.now()) - (provider.posts[0]?.atMs ?? 0);
    asked.push(elapsedMs);
    return truth(elapsedMs);
  };
});

const render = async (options = {}) => (await stage.time.start(MOVIE, options)).result();

test('a brief error is no end: the provider retries transient failures itself', async () => {
  truth = (ms) =>
    ms < 30 * SECOND ? RUNNING : ms < 70 * SECOND ? ERROR : ms < 120 * SECOND ? RUNNING : DONE;
  expect(await render()).toMatchObject({ status: 'done', project: PROJECT });
});

test('an error that lasts for the grace is the outcome, with its message, and not earlier', async () => {
  truth = (ms) => (ms < 30 * SECOND ? RUNNING : ERROR);
  expect(await render({ errorGraceSeconds: 90 })).toMatchObject({
    status: 'failed',
    project: PROJECT,
    message: 'Failed to download',
  });
  const firstError = asked.find((ms) => ms >= 30 * SECOND) ?? 0;
  expect((asked.at(-1) ?? 0) - firstError).toBeGreaterThanOrEqual(89 * SECOND);
});

test('during the grace the provider is asked every 5 s, and never faster', async () => {
  truth = () => ERROR;
  await render({ errorGraceSeconds: 60 });
  const gaps = asked.slice(1).map((ms, index) => ms - (asked[index] ?? 0));

  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_990);
  expect(Math.max(...gaps)).toBeLessThan(7_000);
});

test('a timeout that becomes done is done: it is computed by the provider, and no end', async () => {
  truth = (ms) => (ms < 15 * MINUTE ? RUNNING : ms < 40 * MINUTE ? TIMEOUT : DONE);
  expect(await render()).toMatchObject({ status: 'done' });
  const during = asked.filter((ms) => ms > 16 * MINUTE && ms < 40 * MINUTE);
  expect(during.length).toBeLessThan(30);
});

test('done without a URL is checked again for a minute, and done when the URL comes', async () => {
  truth = (ms) => (ms < 20 * SECOND ? RUNNING : ms < 50 * SECOND ? GONE : DONE);
  expect(await render()).toMatchObject({ status: 'done', url: VIDEO.url });
});

test('done without a URL for a minute ends as failed: the file is gone', async () => {
  truth = () => GONE;
  expect(await render()).toMatchObject({ status: 'failed', message: 'the file is gone' });
  expect((asked.at(-1) ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(59 * SECOND);
});

test('the reply for an unknown project is no end while it does not last for ten minutes without interruption', async () => {
  truth = (ms) =>
    ms < 9 * MINUTE ? MISSING : ms < 10 * MINUTE ? RUNNING : ms < 19 * MINUTE ? MISSING : DONE;
  expect(await render()).toMatchObject({ status: 'done' });
});

test('the reply for an unknown project that lasts for ten minutes ends as failed: project not found', async () => {
  truth = () => MISSING;
  expect(await render()).toMatchObject({ status: 'failed', message: 'project not found', project: PROJECT });
  expect((asked.at(-1) ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(599 * SECOND);
});

test('an unreadable status in the middle of a doubt neither ends nor confirms it', async () => {
  truth = (ms) =>
    ms < 20 * SECOND ? RUNNING : ms < 40 * SECOND ? ERROR : ms < 5 * MINUTE ? UNREADABLE : DONE;
  expect(await render({ errorGraceSeconds: 30 })).toMatchObject({ status: 'done' });
});

test('an hour of outage at the provider is not the render’s fault', async () => {
  truth = (ms) => (ms < 20 * SECOND ? RUNNING : ms < 50 * MINUTE ? UNREADABLE : DONE);
  expect(await render({ renderTimeoutSeconds: 7_200 })).toMatchObject({ status: 'done' });
});

test('when the time is up there is one last check, which may still find the video', async () => {
  const startedAt = await stage.provider.now();
  truth = (ms) => (ms < 599 * SECOND ? RUNNING : DONE);
  const outcome = await render({ renderTimeoutSeconds: 600 });

  expect(outcome).toMatchObject({ status: 'done' });
  expect((await stage.provider.now()) - startedAt).toBeGreaterThanOrEqual(600 * SECOND);
});

test('when the time is up and the provider still renders, the outcome is timed-out, and not before its time', async () => {
  truth = () => RUNNING;
  const outcome = await render({ renderTimeoutSeconds: 600 });

  expect(outcome).toMatchObject({ status: 'timed-out', project: PROJECT });
  expect(asked.at(-1)).toBeGreaterThanOrEqual(599 * SECOND);
});

test('when the time is up and the provider cannot be read, three tries are made within a minute, then it is timed-out', async () => {
  truth = (ms) => (ms < 590 * SECOND ? RUNNING : UNREADABLE);
  expect(await render({ renderTimeoutSeconds: 600 })).toMatchObject({ status: 'timed-out' });
  const last = asked.filter((ms) => ms >= 599 * SECOND);
  expect(last).toHaveLength(3);
  expect((last.at(-1) ?? 0) - (last[0] ?? 0)).toBeLessThan(61 * SECOND);
});

test('a cancel while rendering ends as cancelled, names the project, and asks the provider nothing more', async () => {
  truth = () => RUNNING;
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('20 seconds');
  await handle.cancel();

  expect(await handle.result()).toMatchObject({ status: 'cancelled', project: PROJECT });
});

test('a movie that was adopted and is polled is never asked for faster than every 5 s either', async () => {
  truth = (ms) => (ms < 90 * SECOND ? RUNNING : DONE);
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie);
    return LOST;
  });
  expect(await render()).toMatchObject({ status: 'done', project: PROJECT });
  const gaps = asked.slice(1).map((ms, index) => ms - (asked[index] ?? 0));

  expect(asked.length).toBeGreaterThan(10);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_900);
});

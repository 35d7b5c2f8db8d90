import { beforeEach, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { renderWebhook } from '../../src/workflows/messages.js';
import { LOST, VIDEO } from '../support/scripted-provider.js';
import { scriptedStage } from '../support/scripted-stage.js';

const stage = scriptedStage({ webhooks: true });

const MOVIE = { scenes: [] };
const PROJECT = 'project000000001';
const HINT = { project: PROJECT, status: 'done' };
const RUNNING: Reading = { says: 'rendering', status: 'running' };
const DONE: Reading = { says: 'done', video: VIDEO };

let asked: number[] = [];
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

test('without a hint the safety checks come after 1, 2, 4 and then every 5 minutes', async () => {
  truth = (ms) => (ms < 30 * 60_000 ? RUNNING : DONE);
  await (await stage.time.start(MOVIE)).result();

  const gaps = asked.map((ms, index) => Math.round((ms - (asked[index - 1] ?? 0)) / 60_000));
  expect(gaps.slice(0, 6)).toEqual([1, 2, 4, 5, 5, 5]);
});

test('a hint is confirmed by one GET, and ends the render at once', async () => {
  truth = (ms) => (ms < 30_000 ? RUNNING : DONE);
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('35 seconds');
  await handle.signal(renderWebhook, HINT);

  expect(await handle.result()).toMatchObject({ status: 'done', project: PROJECT });
  expect(asked).toHaveLength(1);
});

test('a hint that comes while the provider still says running is followed by checks every 5 s for a minute', async () => {
  truth = (ms) => (ms < 50_000 ? RUNNING : DONE);
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('20 seconds');
  await handle.signal(renderWebhook, HINT);

  expect(await handle.result()).toMatchObject({ status: 'done' });
  const gaps = asked.slice(1).map((ms, index) => ms - (asked[index] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_990);
  expect(asked.at(-1)).toBeLessThan(60_000);
});

test('a flood of hints causes at most one GET every 5 s', async () => {
  truth = () => RUNNING;
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('10 seconds');
  for (let index = 0; index < 40; index += 1) {
    await handle.signal(renderWebhook, { ...HINT, status: `s${index}` });
    await stage.time.env.sleep('500ms');
  }
  const gaps = asked.slice(1).map((ms, index) => ms - (asked[index] ?? 0));

  expect(asked.length).toBeGreaterThan(2);
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_990);
  await handle.terminate();
});

test('a hint that names another project causes no GET', async () => {
  truth = () => RUNNING;
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('10 seconds');
  await handle.signal(renderWebhook, { project: 'somebody-elses-00' });
  await stage.time.env.sleep('40 seconds');

  expect(asked).toEqual([]);
  await handle.terminate();
});

test('a confirming GET that fails is made again 5 s later', async () => {
  truth = (ms) => (ms < 22_000 ? { says: 'unreadable', message: 'HTTP 502' } : DONE);
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('20 seconds');
  await handle.signal(renderWebhook, HINT);

  expect(await handle.result()).toMatchObject({ status: 'done' });
  expect(asked).toHaveLength(2);
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(4_990);
});

test('a webhook render has the same number of events after 1 minute and after 50, at most 23', async () => {
  const eventsAfter = async (minutes: number): Promise<number> => {
    stage.provider.posts = [];
    truth = () => RUNNING;
    const handle = await stage.time.start(MOVIE);
    await stage.time.env.sleep(minutes * 60_000 + 1_000);
    truth = () => DONE;
    const { project } = stage.provider.accepted.at(-1)?.movie ?? {};
    await handle.signal(renderWebhook, { project: project ?? '', status: 'done' });
    expect(await handle.result()).toMatchObject({ status: 'done' });
    return (await handle.fetchHistory()).events?.length ?? 0;
  };
  const short = await eventsAfter(1);

  expect(await eventsAfter(50)).toBe(short);
  // A backend's start has an update as well, two events, and names the state itself, which saves one.
  expect(short + 1).toBeLessThanOrEqual(23);
});

test('a hint that settles a doubt is also the report of the end: the render ends at once', async () => {
  truth = () => DONE;
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie, 86_400_000);
    return LOST;
  });
  const handle = await stage.time.start(MOVIE);
  await stage.time.env.sleep('2 seconds');
  await handle.signal(renderWebhook, HINT);

  expect(await handle.result()).toMatchObject({ status: 'done', project: PROJECT });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toBeLessThan(5_000);
});

test('a movie that a look finds after its webhook was missed ends at once', async () => {
  truth = () => DONE;
  stage.provider.script.push(async (movie) => {
    await stage.provider.accept(movie);
    return LOST;
  });
  await (await stage.time.start(MOVIE)).result();

  expect(asked).toHaveLength(1);
  expect(asked[0]).toBeLessThan(10_000);
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectNoProcessLeft } from '../support/processes.js';
import { CARD, freshKey, openStage, type Stage } from '../support/stage.js';
import { until } from '../support/until.js';

expectNoProcessLeft();

/** Few a second, so that requests are seen to wait. */
const RPS = 1;
const RENDERS = 12;
/** What the engine may hand out at once: its task queue has four parts, each with a limit of its own. */
const BURST = 6;
/** So many waiting checks are seconds of a lead for a submission that goes before them. */
const WAITING = 8;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  const limit = { RENDERONCE_PROVIDER_RPS: String(RPS) };
  await Promise.all([stage.startWorker(limit), stage.startWorker(limit)]);
});
afterAll(() => stage.close());

/** Renders that go on until the stage closes, each checked as often as the options allow: more often than the limit. */
async function startRenders(): Promise<readonly string[]> {
  const keys = Array.from({ length: RENDERS }, () => freshKey('slow'));
  for (const key of keys) {
    await stage.fake.fault({ match: { key }, effect: { kind: 'state', script: ['running'] } });
  }
  await Promise.all(keys.map((key) => stage.renders.start(key, CARD, { pollSeconds: 5 })));
  return keys;
}

/** How many requests wait, as the first story tells that speaks of them. */
async function toldWaiting(keys: readonly string[]): Promise<number> {
  const stories = await Promise.all(keys.map((key) => stage.renders.story(key)));
  const [told] = stories
    .flatMap(({ next }) => next)
    .flatMap((line) => /^about (\d+) requests to the provider wait for their turn/.exec(line)?.[1] ?? []);
  return Number(told ?? 0);
}

test('two workers together send no more requests than the limit allows, submissions before checks, and status tells who waits', async () => {
  const keys = await startRenders();
  await until('all movies are there', async () => (await stage.fake.movies()).length === RENDERS, 60_000);
  await until(
    'more checks are due than may be sent',
    async () => (await toldWaiting(keys)) >= WAITING,
    60_000,
  );
  const before = await stage.fake.requests();
  const late = Array.from({ length: 6 }, () => freshKey('late'));
  await Promise.all(late.map((key) => stage.renders.submitOnce(key, CARD)));

  const requests = await stage.fake.requests();
  const since = requests.slice(before.length).map(({ call }) => call);
  const untilLast = since.slice(0, since.lastIndexOf('create') + 1);
  // Each part of the task queue has an order of its own, so that a few checks come between.
  expect(untilLast.filter((call) => call !== 'create').length).toBeLessThan(late.length);
  const times = requests.map(({ at }) => Date.parse(at));
  const [first = 0] = times;
  const tooEarly = times.filter((atMs, index) => index + 1 > BURST + ((atMs - first) / 1_000) * RPS);
  expect(tooEarly).toEqual([]);
}, 120_000);

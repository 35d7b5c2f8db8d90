import { beforeEach, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { VIDEO } from '../support/scripted-provider.js';
import { scriptedStage } from '../support/scripted-stage.js';

const PROJECT = 'project000000001';

const stage = scriptedStage();
let readings: { atMs: number }[] = [];
let say: (elapsedMs: number) => Reading = () => ({ says: 'rendering', status: 'running' });

beforeEach(() => {
  readings = [];
  const { provider } = stage;
  provider.read = async () => {
    const atMs = (await provider.now()) - (provider.posts[0]?.atMs ?? 0);
    readings.push({ atMs });
    return say(atMs);
  };
});

test("an hour's render is waited for in well under a minute of real time, and ends with its video", async () => {
  say = (elapsedMs) =>
    elapsedMs < 3_500_000 ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
  const handle = await stage.time.start({ scenes: [] });
  const outcome = await handle.result();

  expect(outcome).toMatchObject({
    status: 'done',
    project: PROJECT,
    url: VIDEO.url,
    clientData: { order: 1 },
    expiresAt: new Date(Date.parse(VIDEO.endedAt) + 7 * 86_400_000).toISOString(),
  });
  expect(readings.length).toBeGreaterThan(300);
});

test('the provider is never asked sooner than 5 s after acceptance or after the last check', async () => {
  say = (elapsedMs) =>
    elapsedMs < 100_000 ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
  await (await stage.time.start({ scenes: [] })).result();

  const gaps = readings.map(({ atMs }, index) => atMs - (readings[index - 1]?.atMs ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_990);
});

test('waiting costs no history: an hour adds no event to a minute', async () => {
  const eventsOf = async (renderMs: number): Promise<number> => {
    say = (elapsedMs) =>
      elapsedMs < renderMs ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
    const handle = await stage.time.start({ scenes: [] });
    await handle.result();
    stage.provider.posts = [];
    return (await handle.fetchHistory()).events?.length ?? 0;
  };
  expect(await eventsOf(3_000_000)).toBe(await eventsOf(60_000));
});

test('a render that does not end in time ends as timed-out, with its project', async () => {
  say = () => ({ says: 'rendering', status: 'running' });
  const handle = await stage.time.start({ scenes: [] }, { renderTimeoutSeconds: 600 });

  expect(await handle.result()).toMatchObject({ status: 'timed-out', project: PROJECT });
});

test('a provider that cannot be read leaves the render as it is, until it can', async () => {
  say = (elapsedMs) =>
    elapsedMs < 120_000 ? { says: 'unreadable', message: 'HTTP 503' } : { says: 'done', video: VIDEO };
  expect(await (await stage.time.start({ scenes: [] })).result()).toMatchObject({ status: 'done' });
});

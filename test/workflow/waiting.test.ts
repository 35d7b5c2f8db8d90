import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { type SkippedTime, skipTime } from '../support/time-skipping.js';

const PROJECT = 'AbCdEfGhIjKlMnOp';
const VIDEO = {
  url: 'https://assets.example.com/clients/c/renders/2026-11-24-1.mp4',
  durationSeconds: 5,
  sizeBytes: 1_000,
  width: 1920,
  height: 1080,
  createdAt: '2026-11-24T10:00:00.000Z',
  endedAt: '2026-11-24T11:00:00.000Z',
  clientData: { order: 1 },
} as const;

let time: SkippedTime;
let readings: { atMs: number; reading: Reading }[] = [];
let say: (elapsedMs: number) => Reading = () => ({ says: 'rendering', status: 'running' });
let acceptedAtMs = 0;

beforeAll(async () => {
  time = await skipTime({
    submit: async (_movie, { fence }) => {
      await fence();
      acceptedAtMs = await time.env.currentTimeMs();
      const body = JSON.stringify({ success: true, project: PROJECT });
      return { from: 'reply', status: 200, body, complete: true, at: new Date(acceptedAtMs).toISOString() };
    },
    read: async () => {
      const atMs = (await time.env.currentTimeMs()) - acceptedAtMs;
      const reading = say(atMs);
      readings.push({ atMs, reading });
      return reading;
    },
  });
});
afterAll(() => time.close());

test("an hour's render is waited for in well under a minute of real time, and ends with its video", async () => {
  readings = [];
  say = (elapsedMs) =>
    elapsedMs < 3_500_000 ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
  const handle = await time.start({ scenes: [] });
  const outcome = await handle.result();

  expect(outcome).toMatchObject({
    status: 'done',
    project: PROJECT,
    url: VIDEO.url,
    clientData: { order: 1 },
    expiresAt: '2026-12-01T11:00:00.000Z',
  });
  expect(readings.length).toBeGreaterThan(300);
});

test('the provider is never asked sooner than 5 s after acceptance or after the last check', async () => {
  readings = [];
  say = (elapsedMs) =>
    elapsedMs < 100_000 ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
  await (await time.start({ scenes: [] })).result();

  const gaps = readings.map(({ atMs }, index) => atMs - (readings[index - 1]?.atMs ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4_990);
});

test('waiting costs no history: an hour adds no event to a minute', async () => {
  const eventsOf = async (renderMs: number): Promise<number> => {
    say = (elapsedMs) =>
      elapsedMs < renderMs ? { says: 'rendering', status: 'running' } : { says: 'done', video: VIDEO };
    const handle = await time.start({ scenes: [] });
    await handle.result();
    return (await handle.fetchHistory()).events?.length ?? 0;
  };
  expect(await eventsOf(3_000_000)).toBe(await eventsOf(60_000));
});

test('a render that does not end in time ends as timed-out, with its project', async () => {
  say = () => ({ says: 'rendering', status: 'running' });
  const handle = await time.start({ scenes: [] }, { renderTimeoutSeconds: 600 });

  expect(await handle.result()).toMatchObject({ status: 'timed-out', project: PROJECT });
});

test('a provider that cannot be read leaves the render as it is, until it can', async () => {
  say = (elapsedMs) =>
    elapsedMs < 120_000 ? { says: 'unreadable', message: 'HTTP 503' } : { says: 'done', video: VIDEO };
  expect(await (await time.start({ scenes: [] })).result()).toMatchObject({ status: 'done' });
});

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { listMovies } from '../../src/json2video/list-movies.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-11-24T12:00:00Z');

interface Days {
  readonly date_start?: string;
  readonly date_end?: string;
}

/** Returns the days that each call asks for, from a provider whose list is empty. */
async function daysAsked(since: Date, until?: Date): Promise<Days[]> {
  const asked: Days[] = [];
  const get = async (url: URL) => {
    const { limit: _, ...days } = Object.fromEntries(url.searchParams);
    asked.push(days);
    return { status: 200, body: '{"movies":[]}' };
  };
  const movies = new URL('https://api.example.com/v2/movies');
  for await (const page of listMovies(get, movies, {}, { since, until }, NOW)) expect(page).toEqual([]);
  return asked;
}

const callsOf = (since: string, until?: string): Promise<Days[]> =>
  daysAsked(new Date(since), until === undefined ? undefined : new Date(until));

test('a period without an end is one call without an end, from a day before: the time zone of the days is unknown', async () => {
  expect(await callsOf('2026-11-01T23:59:59Z')).toEqual([{ date_start: '2026-10-31' }]);
});

test('a period that ends before today is asked for with two days more, whichever way the provider counts its last day', async () => {
  expect(await callsOf('2026-10-02', '2026-10-02T23:00:00Z')).toEqual([
    { date_start: '2026-10-01', date_end: '2026-10-04' },
  ]);
  expect(await callsOf('2026-10-02', '2026-11-22T00:00:00Z')).toEqual([{ date_start: '2026-10-01' }]);
});

test('a period longer than the provider lists at once is read in several calls', async () => {
  expect(await callsOf('2026-01-02')).toEqual([
    { date_start: '2026-01-01', date_end: '2026-04-02' },
    { date_start: '2026-04-02', date_end: '2026-07-02' },
    { date_start: '2026-07-02', date_end: '2026-10-01' },
    { date_start: '2026-10-01' },
  ]);
});

test('the calls for any period cover each of its moments, and none asks for more days than the provider allows', async () => {
  const agoMs = fc.integer({ min: 0, max: 800 * DAY_MS });
  await fc.assert(
    fc.asyncProperty(agoMs, agoMs, fc.double({ min: 0, max: 1, noNaN: true }), async (a, b, share) => {
      const since = new Date(NOW - Math.max(a, b));
      const until = new Date(NOW - Math.min(a, b));
      const atMs = since.getTime() + share * (until.getTime() - since.getTime());
      // The narrower way to count: the last day of a call is not in its list.
      const spans = (await daysAsked(since, until)).map(({ date_start = '', date_end }) => ({
        fromMs: Date.parse(date_start),
        toMs: date_end === undefined ? NOW + DAY_MS : Date.parse(date_end),
      }));
      // The days may begin as early as in UTC+14, or as late as in UTC-12.
      for (const zoneMs of [-14 * HOUR_MS, 0, 12 * HOUR_MS]) {
        const isCovered = spans.some(({ fromMs, toMs }) => fromMs + zoneMs <= atMs && atMs < toMs + zoneMs);
        expect(isCovered).toBe(true);
      }
      // And the wider one: it is.
      for (const { fromMs, toMs } of spans)
        expect(Math.min(toMs, NOW) + DAY_MS - fromMs).toBeLessThanOrEqual(93 * DAY_MS);
    }),
  );
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { latestPostEndMs, lookSince, lookTimesMs } from '../../src/render/look-times.js';

const AT_MS = Date.parse('2026-11-24T10:00:00.000Z');
const MINUTE_MS = 60_000;
const SHORT = { endedAtMs: AT_MS, lastedAtLeastMs: 10, startToCloseMs: 5_000 };

describe('the latest end of a POST', () => {
  test('is the start of the attempt plus its start-to-close timeout', () => {
    const timing = { endedAtMs: AT_MS, lastedAtLeastMs: 20_000, startToCloseMs: 90_000 };
    expect(latestPostEndMs(timing)).toBe(AT_MS - 20_000 + 90_000);
  });

  test('is the end of an attempt that lasted its whole time', () => {
    const timing = { endedAtMs: AT_MS, lastedAtLeastMs: 90_000, startToCloseMs: 90_000 };
    expect(latestPostEndMs(timing)).toBe(AT_MS);
  });

  test('is a whole attempt later if the duration is unknown', () => {
    const timing = { endedAtMs: AT_MS, lastedAtLeastMs: 0, startToCloseMs: 90_000 };
    expect(latestPostEndMs(timing)).toBe(AT_MS + 90_000);
  });

  type LatestEnd = typeof latestPostEndMs;

  const isSafe = (latest: LatestEnd) => {
    const timings = fc.record({
      endedAtMs: fc.constant(AT_MS),
      lastedAtLeastMs: fc.nat(2_000_000),
      startToCloseMs: fc.integer({ min: 5_000, max: 600_000 }),
    });
    return fc.property(timings, (timing) => {
      const latestMs = latest(timing);
      const lessKnown = { ...timing, lastedAtLeastMs: Math.floor(timing.lastedAtLeastMs / 2) };
      const isWithin = latestMs >= AT_MS && latestMs <= AT_MS + timing.startToCloseMs;
      return isWithin && latest(lessKnown) >= latestMs;
    });
  };

  test('is never before the attempt’s, and less knowledge of the attempt never makes it earlier', () => {
    expect(fc.check(isSafe(latestPostEndMs))).toMatchObject({ failed: false });
  });

  test.each<[string, LatestEnd]>([
    ['that trusts a clock', (t) => t.endedAtMs - t.lastedAtLeastMs + t.startToCloseMs],
    ['that waits twice', (t) => t.endedAtMs + t.lastedAtLeastMs + t.startToCloseMs],
    ['that takes the end for the last byte', (t) => (t.lastedAtLeastMs < 9 ? t.endedAtMs : t.endedAtMs + 1)],
  ])('differs from one %s', (_, latest) => {
    expect(fc.check(isSafe(latest), { examples: [[SHORT]] })).toMatchObject({ failed: true });
  });
});

describe('the three looks', () => {
  test('are after 5 s, after 30 s, and when all doubt has settled', () => {
    const settledAtMs = AT_MS + 190_000;
    expect(lookTimesMs(AT_MS, settledAtMs)).toEqual([AT_MS + 5_000, AT_MS + 30_000, settledAtMs]);
  });

  test.each([
    ['long ago', -3_600_000],
    ['at once', 0],
    ['before the second look', 29_999],
    ['a moment after the second look', 30_001],
  ])('keep their distance if the doubt settles %s', (_, settlesAfterMs) => {
    expect(lookTimesMs(AT_MS, AT_MS + settlesAfterMs)).toEqual([
      AT_MS + 5_000,
      AT_MS + 30_000,
      AT_MS + 35_000,
    ]);
  });

  type LookTimes = (endedAtMs: number, settledAtMs: number) => readonly number[];

  const isSound = (times: LookTimes) =>
    fc.property(fc.integer({ min: -86_400_000, max: 86_400_000 }), (settlesAfterMs) => {
      const looks = times(AT_MS, AT_MS + settlesAfterMs);
      const [first = 0, second = 0, last = 0] = looks;
      const isInOrder = first > AT_MS && second >= first + 5_000 && last >= second + 5_000;
      return looks.length === 3 && isInOrder && last >= AT_MS + settlesAfterMs;
    });

  test('are in order, 5 s apart at least, and the last is not before the doubt has settled', () => {
    expect(fc.check(isSound(lookTimesMs))).toMatchObject({ failed: false });
  });

  test.each<[string, LookTimes]>([
    ['in which the last look does not wait', (at) => [at + 5_000, at + 30_000, at + 60_000]],
    ['in which the last look comes first', (at, settled) => [at + 5_000, at + 30_000, settled]],
    ['without the second look', (at, settled) => [at + 5_000, Math.max(at + 10_000, settled)]],
  ])('differ from a plan %s', (_, times) => {
    expect(fc.check(isSound(times))).toMatchObject({ failed: true });
  });
});

describe('the list is read', () => {
  test.each([
    ['from 10 minutes before the first attempt', '2026-11-24T10:00:00.000Z', '2026-11-24T09:50:00.000Z'],
    ['from the month before on the first of a month', '2026-12-01T00:00:00.000Z', '2026-11-30T23:50:00.000Z'],
    ['from the year before on New Year', '2027-01-01T00:09:59.999Z', '2026-12-31T23:59:59.999Z'],
    ['from midnight itself ten minutes after it', '2026-12-01T00:10:00.000Z', '2026-12-01T00:00:00.000Z'],
    ['from the end of a short February', '2027-03-01T00:05:00.000Z', '2027-02-28T23:55:00.000Z'],
    ['from the leap day', '2028-03-01T00:05:00.000Z', '2028-02-29T23:55:00.000Z'],
  ])('%s', (_, startedAt, since) => {
    expect(lookSince(Date.parse(startedAt), undefined)).toBe(since);
  });

  test.each([
    ['an earlier lookFrom', '2026-10-31T23:59:59.999Z', '2026-10-31T23:49:59.999Z'],
    ['a lookFrom in another time zone', '2026-11-01T01:00:00+02:00', '2026-10-31T22:50:00.000Z'],
    ['the start, if lookFrom is later', '2026-11-24T10:00:00.001Z', '2026-11-24T09:50:00.000Z'],
    ['the start, if lookFrom is the same', '2026-11-24T10:00:00.000Z', '2026-11-24T09:50:00.000Z'],
  ])('from 10 minutes before %s', (_, lookFrom, since) => {
    expect(lookSince(AT_MS, lookFrom)).toBe(since);
  });

  test('never from later than 10 minutes before either time, and always from a time in UTC', () => {
    const times = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2040-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(times, times, (startedAt, lookFrom) => {
        const since = lookSince(startedAt.getTime(), lookFrom.toISOString());
        expect(since).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$|^2019-12-31T/);
        expect(Date.parse(since)).toBe(Math.min(startedAt.getTime(), lookFrom.getTime()) - 10 * MINUTE_MS);
      }),
    );
  });
});

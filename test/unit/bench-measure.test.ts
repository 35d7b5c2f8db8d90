import { describe, expect, it } from 'vitest';
import { closedLoop, steadyLoop } from '../../bench/measure/closed-loop.js';
import { inRounds } from '../../bench/measure/rounds.js';
import { median, percentile, rounded, summary } from '../../bench/measure/statistics.js';
import { movieOf } from '../../bench/movies.js';
import { benchOptions } from '../../bench/options.js';

const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);

describe('statistics of the bench', () => {
  it('a percentile is a value that was measured, and that its share does not exceed', () => {
    expect(percentile(hundred, 0.95)).toBe(95);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile([7], 0.95)).toBe(7);
    expect(percentile([1, 2, 3, 4, 1_000], 0.95)).toBe(1_000);
    expect(() => percentile([], 0.5)).toThrow('of nothing');
  });

  it('the median of an even number of values lies between the two in the middle', () => {
    expect(median([4, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(summary([1, 2, 3, 4, 1_000])).toEqual({ p50: 3, p95: 1_000, count: 5 });
  });

  it('figures are rounded to three digits, whatever their size', () => {
    expect([0.12345, 56.789, 12_345].map(rounded)).toEqual([0.123, 56.8, 12_300]);
  });
});

describe('the load of the bench', () => {
  it('a closed loop does every job once, and never more at a time than there are callers', async () => {
    const done: number[] = [];
    let underWay = 0;
    let most = 0;
    const { latenciesMs } = await closedLoop({ count: 25, atOnce: 4 }, async (index) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise(setImmediate);
      underWay -= 1;
      done.push(index);
    });
    expect(done.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index));
    expect(most).toBe(4);
    expect(latenciesMs).toHaveLength(25);
  });

  it('a rate counts all jobs against the time from the first start to the last end', async () => {
    let nowMs = 0;
    const clock = (): number => nowMs;
    const job = async (): Promise<void> => {
      nowMs += 20;
    };
    const { perSecond, latenciesMs } = await closedLoop({ count: 10, atOnce: 1 }, job, clock);
    expect(perSecond).toBe(50);
    expect(latenciesMs).toEqual(Array(10).fill(20));
  });

  it('a steady rate leaves out the time in which callers wait for the first end, or for nothing any more', async () => {
    let nowMs = 0;
    const waiting: { readonly atMs: number; readonly wake: () => void }[] = [];
    const load = { count: 6, atOnce: 2 };
    // Of two callers one starts 20 ms after the other, and each job takes 100 ms: 20 a second while both are busy.
    const job = (index: number): Promise<void> =>
      new Promise((wake) => {
        waiting.push({ atMs: nowMs + (index === 1 ? 120 : 100), wake });
      });
    const loop = steadyLoop(load, job, () => nowMs);
    while (waiting.length > 0) {
      const next = waiting.shift();
      nowMs = next?.atMs ?? nowMs;
      next?.wake();
      await new Promise(setImmediate);
    }
    // Ends at 100, 120, 200, 220, 300 and 320 ms; the last start is at 220 ms.
    expect((await loop).perSecond).toBeCloseTo(3 / 0.12);
  });

  it('a steady loop that is too short for a steady rate has the rate of the whole', async () => {
    const { perSecond, latenciesMs } = await steadyLoop({ count: 3, atOnce: 3 }, () => Promise.resolve());
    expect(perSecond).toBeGreaterThan(0);
    expect(latenciesMs).toHaveLength(3);
  });

  it('a job that fails fails the measurement, when those under way have ended and no other begins', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const failing = closedLoop({ count: 9, atOnce: 2 }, async (index) => {
      begun.push(index);
      if (index === 0) throw new Error('no');
      await new Promise(setImmediate);
      ended.push(index);
    });
    await expect(failing).rejects.toThrow('no');
    expect({ begun, ended }).toEqual({ begun: [0, 1], ended: [1] });
  });

  it('rounds play everything in turns, forwards and backwards', async () => {
    const played: string[] = [];
    const turn = (name: string) => async (round: number) => {
      played.push(name);
      return `${name}${round}`;
    };
    const results = await inRounds(2, { a: turn('a'), b: turn('b'), c: turn('c') });
    expect(played.join('')).toBe('abccba');
    expect(results).toEqual({ a: ['a0', 'a1'], b: ['b0', 'b1'], c: ['c0', 'c1'] });
  });

  it('a movie of a size has exactly that size as JSON', () => {
    for (const bytes of [2_000, 1_400_000]) expect(JSON.stringify(movieOf(bytes))).toHaveLength(bytes);
  });
});

describe('options of the bench', () => {
  const given = { quick: true, store: 'memory' };

  it('a quick run leaves out what takes minutes; options set single numbers', () => {
    expect(benchOptions(given).plan).toMatchObject({ inFlight: 0, rounds: 5 });
    expect(benchOptions({ ...given, quick: false }).plan).toMatchObject({ inFlight: 10_000 });
    const set = benchOptions({ ...given, quick: false, rounds: '9', inFlight: '0' });
    expect(set.plan).toMatchObject({ inFlight: 0, rounds: 9 });
  });

  it.each(['0', '-1', '1.5', '', 'many'])('%j rounds are refused before anything starts', (rounds) => {
    expect(() => benchOptions({ ...given, rounds })).toThrow('--rounds must be');
  });
});

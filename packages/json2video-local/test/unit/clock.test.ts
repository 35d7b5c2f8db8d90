import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { ScaledClock } from '../../src/clock.js';
import { movieOf, releaseFakes, START, startFake, status, submit } from './support.js';

releaseFakes();

const ends = async (seed: number): Promise<string[]> => {
  const fake = await startFake({
    fixedClock: true,
    renderSeconds: 10,
    renderJitter: 0.5,
    seed,
    cache: false,
  });
  for (let movie = 0; movie < 20; movie += 1) await submit(fake);
  const done: string[] = [];
  for (let second = 0; second < 16; second += 1) {
    fake.advance(1);
    done.push(String(fake.movies({ status: 'done' }).length));
  }
  return done;
};

describe('the clock', () => {
  test('a fixed one moves only by advance', async () => {
    const fake = await startFake({ fixedClock: true, renderSeconds: 1 });
    const project = await submit(fake);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(fake.now()).toBe(Date.parse(START));
    expect((await status(fake, project))['status']).toBe('pending');
    fake.advance(1);
    expect(fake.now()).toBe(Date.parse(START) + 1_000);
    expect((await status(fake, project))['status']).toBe('done');
  });

  test('renderJitter varies render times within its share, and equally for equal seeds', async () => {
    const [one, same, other] = [await ends(1), await ends(1), await ends(2)];
    expect(one).toEqual(same);
    expect(one).not.toEqual(other);
    expect([one[3], one[15]]).toEqual(['0', '20']);
    expect(new Set(one).size).toBeGreaterThan(5);
    await expect(startFake({ renderJitter: 2 })).rejects.toThrow('renderJitter');
  });

  test('alarms ring by their time, and in the order they were set within one moment', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (times) => {
        const clock = new ScaledClock({ scale: 0, startAtMs: 0 });
        const rung: [number, number][] = [];
        for (const [order, dueMs] of times.entries()) clock.at(dueMs, () => rung.push([dueMs, order]));
        clock.advance(1);
        clock.close();
        const wanted = times.map((dueMs, order): [number, number] => [dueMs, order]);
        expect(rung).toEqual(wanted.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
      }),
    );
  });

  test('movies of one moment end in the order of their submission', async () => {
    const fake = await startFake({ fixedClock: true, renderSeconds: 10, credits: 12, cache: false });
    for (const key of ['a', 'b', 'c']) await submit(fake, movieOf(key));
    fake.advance(10);
    expect(fake.movies().map((movie) => movie.status)).toEqual(['done', 'done', 'error']);
  });
});

const seconds = async (movie: object): Promise<number> => {
  const fake = await startFake({ fixedClock: true });
  await submit(fake, movie);
  let waited = 0;
  for (; fake.movies({ status: 'done' }).length === 0; waited += 0.5) fake.advance(0.5);
  return waited;
};

describe('the duration of a render', () => {
  const text = { type: 'text', text: 'a' };
  const scenes = (...durations: number[]): object => ({
    scenes: durations.map((duration) => ({ duration, elements: [text] })),
  });

  test.each([
    ['a 2 s clip', scenes(2), 5],
    ['a 30 s clip', scenes(30), 19],
    ['the same in low quality, about three times faster', { ...scenes(30), quality: 'low' }, 9],
    ['the same in three scenes, rendered side by side', scenes(10, 10, 10), 11],
  ])('%s', async (_name, movie, wanted) => {
    expect(await seconds(movie)).toBe(wanted);
  });
});

import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { call, movieOf, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

/** Submits, lets it end, and reads it. */
async function rendered(fake: FakeJson2Video, movie: object): Promise<Record<string, unknown>> {
  const project = await submit(fake, movie);
  fake.advance(60);
  return status(fake, project);
}

/** How long each movie took, whole fake seconds from start to end. */
async function times(fake: FakeJson2Video, ...movies: object[]): Promise<unknown[]> {
  const seconds: unknown[] = [];
  for (const movie of movies) seconds.push((await rendered(fake, movie))['rendering_time']);
  return seconds;
}

describe('the movie-level cache', () => {
  test('the same movie again: another project, done on the first poll, with the old file, for nothing', async () => {
    const fake = await startFake({ fixedClock: true });
    const first = await rendered(fake, movieOf('a'));
    const project = await submit(fake, movieOf('b'));
    const second = await status(fake, project);
    expect(second).toMatchObject({
      status: 'done',
      url: first['url'],
      size: first['size'],
      rendering_time: 0,
      consumed_credits: [],
    });
    expect(second['project']).not.toBe(first['project']);
    expect(fake.movies()).toMatchObject([{ credits: 5 }, { credits: 0, cached: true }]);
    expect(fake.credits().spent).toBe(5);
  });

  test.each([
    [{ 'client-data': { order: 2 } }, true],
    [{ id: 'other' }, true],
    [{ comment: 'other' }, true],
    [{ exports: [] }, true],
    [{ draft: false }, true],
    [{ quality: 'low' }, false],
    [{ resolution: 'hd' }, false],
    [{ elements: [{ type: 'text', text: 'over' }] }, false],
    [{ cache: false }, false],
  ])('a difference in %j is a hit: %j', async (difference, isHit) => {
    const fake = await startFake();
    await rendered(fake, movieOf('a'));
    await rendered(fake, { ...movieOf('b'), ...difference });
    expect(fake.movies()[1]?.cached).toBe(isHit ? true : undefined);
  });

  test('neither the order of members nor comments of scenes and elements matter', async () => {
    const fake = await startFake();
    const element = { type: 'text', text: 'a' };
    await rendered(fake, { scenes: [{ duration: 2, elements: [element] }] });
    const other = { comment: 'x', text: 'a', type: 'text' };
    await rendered(fake, { scenes: [{ id: 'x', elements: [other], duration: 2 }] });
    expect(fake.movies()[1]?.cached).toBe(true);
  });

  test('`cache: false` on the movie, a scene or an element makes the movie anew; it is there for the next', async () => {
    const fake = await startFake();
    const fresh = { cache: false };
    const scene = { duration: 2, elements: [{ type: 'text', text: 'a' }] };
    const movies = [
      { scenes: [scene] },
      { scenes: [scene], ...fresh },
      { scenes: [{ ...scene, ...fresh }] },
      { scenes: [{ ...scene, elements: [{ ...scene.elements[0], ...fresh }] }] },
      { scenes: [scene] },
    ];
    for (const movie of movies) await rendered(fake, movie);
    expect(fake.movies().map(({ cached }) => cached ?? false)).toEqual([false, false, false, false, true]);
  });

  test('a movie that failed, was deleted or has expired is no hit; one that still runs is none either', async () => {
    const fake = await startFake({ fixedClock: true });
    const [one] = [await submit(fake, movieOf('a')), await submit(fake, movieOf('b'))];
    fake.advance(60);
    await call(fake, `/v2/movies?project=${one}`, { method: 'DELETE' });
    const path = `/v2/movies?project=${await submit(fake, movieOf('c'))}`;
    fake.advance(60);
    await call(fake, path, { method: 'DELETE' });
    await submit(fake, movieOf('d'));
    fake.advance(7 * 24 * 3600 + 60);
    await submit(fake, movieOf('e'));
    const cached = fake.movies().map((movie) => movie.cached ?? false);
    expect(cached).toEqual([false, false, true, false, false]);
  });

  test('the file of a cached movie expires seven days after the first render', async () => {
    const fake = await startFake({ fixedClock: true });
    await rendered(fake, movieOf('a'));
    fake.advance(6 * 24 * 3600);
    const project = await submit(fake, movieOf('b'));
    expect((await status(fake, project))['url']).toMatch(/mp4$/);
    fake.advance(24 * 3600);
    expect(await status(fake, project)).toMatchObject({ status: 'done', url: null });
  });

  test('it can be turned off altogether', async () => {
    const fake = await startFake({ cache: false });
    for (const key of ['a', 'b']) await rendered(fake, movieOf(key));
    expect(fake.movies()).toMatchObject([{ credits: 5 }, { credits: 5 }]);
    expect(fake.movies()[1]).not.toHaveProperty('cached');
  });
});

const scene = (text: string, more: object = {}): object => ({
  duration: 20,
  elements: [{ type: 'text', text }],
  ...more,
});

describe('the scene-level cache', () => {
  test('unchanged scenes are only stitched, for three days, unless they or the movie say otherwise', async () => {
    const fake = await startFake({ fixedClock: true });
    const whole = { scenes: [scene('a'), scene('b')] };
    const changed = { scenes: [scene('a'), scene('b'), { ...scene('c'), duration: 2 }] };
    const fresh = { scenes: [scene('a', { cache: false }), scene('b'), { ...scene('d'), duration: 2 }] };
    const anew = { ...whole, cache: false };
    expect(await times(fake, whole, changed, fresh, anew)).toEqual([15, 8, 15, 15]);
    fake.advance(3 * 24 * 3600);
    const later = { scenes: [scene('a'), scene('b'), { ...scene('e'), duration: 2 }] };
    expect(await times(fake, later)).toEqual([15]);
  });
});

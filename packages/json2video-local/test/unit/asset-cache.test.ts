import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

/** Submits, lets it end, and reads it. */
async function rendered(fake: FakeJson2Video, movie: object): Promise<Record<string, unknown>> {
  const project = await submit(fake, movie);
  fake.advance(60);
  return status(fake, project);
}

const picture = (prompt: string, more: object = {}): object => ({
  type: 'image',
  prompt,
  model: 'flux-pro',
  ...more,
});
const show = (elements: object[], more: object = {}): object => ({
  scenes: [{ duration: 2, elements }],
  ...more,
});
const missing = { type: 'audio', src: 'https://cdn.test/missing/a.mp3' };

/** What each movie was charged: the whole, and its assets. */
const charged = (fake: FakeJson2Video): unknown[] =>
  fake.movies().map(({ credits, assetCredits = 0 }) => [credits, assetCredits]);

describe('the element-level cache', () => {
  test('a failed render is not billed, its generated assets are; rendering it again charges only what is new', async () => {
    const fake = await startFake();
    await rendered(fake, show([picture('cat'), picture('dog'), missing]));
    await rendered(fake, show([picture('cat'), picture('dog'), picture('owl')]));
    expect(charged(fake)).toEqual([
      [40, 40],
      [22, 20],
    ]);
    expect(fake.credits()).toEqual({ balance: 100_000 - 62, spent: 62, assets: 60 });
  });

  test('`consumed_credits` shows both parts; a broken document generates nothing', async () => {
    const fake = await startFake();
    const done = await rendered(fake, show([picture('cat')]));
    expect(done['consumed_credits']).toEqual([
      { type: 'render', credits: 2 },
      { type: 'assets', credits: 20 },
    ]);
    const failed = await rendered(fake, show([picture('dog'), missing]));
    expect(failed['consumed_credits']).toEqual([{ type: 'assets', credits: 20 }]);
    const broken = await rendered(fake, show([picture('owl'), { type: 'rectangle' }]));
    expect(broken['consumed_credits']).toEqual([]);
  });

  test('`cache: false` on the element generates again; on the scene or the movie it does not', async () => {
    const fake = await startFake();
    const elements = [picture('cat')];
    await rendered(fake, show(elements));
    await rendered(fake, show(elements, { cache: false }));
    await rendered(fake, { scenes: [{ duration: 2, elements, cache: false }] });
    await rendered(fake, show([picture('cat', { cache: false })]));
    expect(charged(fake)).toEqual([
      [22, 20],
      [2, 0],
      [2, 0],
      [22, 20],
    ]);
  });

  test('where and when it is shown does not matter; another prompt or model does; three days later all is new', async () => {
    const fake = await startFake({ fixedClock: true });
    await rendered(fake, show([picture('cat')]));
    await rendered(fake, show([picture('cat', { zoom: 2, start: 1, id: 'x' })]));
    await rendered(fake, show([picture('cat', { model: 'gemini-2.5-flash' })]));
    fake.advance(3 * 24 * 3600);
    await rendered(fake, show([picture('cat', { zoom: 3 })]));
    expect(charged(fake).map((each) => String(each))).toEqual(['22,20', '2,0', '22,20', '22,20']);
  });

  test('assets that cannot be paid fail the render, and what was paid is in the cache', async () => {
    const fake = await startFake({ credits: 30 });
    const movie = show([picture('cat'), picture('dog')]);
    expect(await rendered(fake, movie)).toMatchObject({
      status: 'error',
      message: 'You exceeded the quota of time in your plan',
    });
    expect(fake.credits()).toEqual({ balance: 10, spent: 20, assets: 20 });
    fake.addCredits(12);
    expect((await rendered(fake, movie))['status']).toBe('done');
    expect(fake.credits()).toEqual({ balance: 0, spent: 42, assets: 40 });
  });
});

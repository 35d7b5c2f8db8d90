import { describe, expect, test } from 'vitest';

import { call, movieOf, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

describe('the handle', () => {
  test('movies and requests are found by key, project, status and call', async () => {
    const fake = await startFake({ cache: false });
    const [one, two] = [await submit(fake, movieOf('a')), await submit(fake, movieOf('b'))];
    fake.advance(60);
    await submit(fake, movieOf('a'));
    await status(fake, two);
    expect(fake.movies({ key: 'a' })).toHaveLength(2);
    expect(fake.movies({ key: 'a', status: 'done' })).toMatchObject([{ project: one }]);
    expect(fake.movies({ project: two })).toMatchObject([{ key: 'b', polls: 1 }]);
    expect(fake.requests({ call: 'create' })).toHaveLength(3);
    expect(fake.requests({ key: 'b' }).map(({ call: kind }) => kind)).toEqual(['create', 'status']);
    expect(fake.requests({ project: two, since: 2 })).toMatchObject([{ seq: 4, call: 'status' }]);
    const { json } = await call(fake, `/_fake/requests?project=${two}&call=status`);
    expect(json).toEqual({ requests: fake.requests({ project: two, call: 'status' }) });
  });

  test('credits are bought by the handle and by the control route, and nothing else', async () => {
    const fake = await startFake({ credits: 0 });
    fake.addCredits(10);
    const { json } = await call(fake, '/_fake/credits', { method: 'POST', body: { add: 5 } });
    expect(json).toEqual({ balance: 15, spent: 0, assets: 0 });
    expect(() => fake.addCredits(0)).toThrow(RangeError);
    expect((await call(fake, '/_fake/credits', { method: 'POST', body: { add: -5 } })).code).toBe(400);
  });

  test('beyond `maxMovies` the oldest that have ended are forgotten, and running ones are not', async () => {
    const fake = await startFake({ maxMovies: 100, cache: false, fixedClock: true, renderSeconds: 10 });
    for (let movie = 0; movie < 600; movie += 1) {
      await submit(fake, movieOf(`k${movie}`));
      if (movie === 400) fake.advance(60);
    }
    const keys = fake.movies().map(({ key }) => key);
    expect(keys).toHaveLength(600);
    await submit(fake, movieOf('last'));
    const left = fake.movies().map(({ key }) => key);
    expect(left).toHaveLength(200);
    expect([left[0], left.at(-1)]).toEqual(['k401', 'last']);
    expect((await call(fake, '/v2/movies?limit=100')).code).toBe(200);
    fake.advance(60);
    const second = await post(fake, movieOf('next'));
    expect(second.code).toBe(200);
  });
});

describe('a request that the API does not have', () => {
  test.each([
    ['PUT', '/v2/movies', 405, 'Method Not Allowed'],
    ['PATCH', '/v2/movies/', 405, 'Method Not Allowed'],
    ['DELETE', '/v2/templates/library', 405, 'Method Not Allowed'],
    ['GET', '/v2/movies/JkGxEoPRF9EgRb32', 404, 'Not Found'],
    ['POST', '/v1/movies', 404, 'Not Found'],
    ['GET', '/v2/voices', 404, 'Not Found'],
  ])('%s %s is %i', async (method, path, code, message) => {
    const fake = await startFake();
    const answer = await call(fake, path, { method });
    expect([answer.code, answer.json]).toEqual([code, { success: false, message }]);
  });
});

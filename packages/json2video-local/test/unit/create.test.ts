import { describe, expect, test } from 'vitest';

import { call, movieOf, post, releaseFakes, START, startFake } from './support.js';

releaseFakes();

describe('POST /v2/movies', () => {
  test('an accepted movie answers 200 with success, a 16-character project and a timestamp, nothing else', async () => {
    const fake = await startFake();
    const answer = await post(fake, movieOf('a'));
    expect(answer.code).toBe(200);
    expect(answer.json).toEqual({
      success: true,
      project: expect.stringMatching(/^[A-Za-z0-9]{16}$/),
      timestamp: expect.stringMatching(/^2026-11-15T12:00:\d\d\.\d{3}Z$/),
    });
    expect(fake.movies()).toHaveLength(1);
  });

  test('the same body twice is two movies', async () => {
    const fake = await startFake();
    await post(fake, movieOf('a'));
    await post(fake, movieOf('a'));
    expect(new Set(fake.movies().map((movie) => movie.project)).size).toBe(2);
  });

  test('a wrong or missing key answers 400 with the documented messages', async () => {
    const fake = await startFake();
    const wrong = await post(fake, movieOf('a'), { apiKey: 'nope' });
    const missing = await post(fake, movieOf('a'), { apiKey: null });
    expect([wrong.code, wrong.json]).toEqual([400, { success: false, message: 'Error: Invalid API Key' }]);
    expect([missing.code, missing.json]).toEqual([
      400,
      { success: false, message: 'Error: API Key not provided' },
    ]);
    expect(fake.movies()).toEqual([]);
  });

  test.each([
    ['', 'No movie JSON received'],
    ['{"scenes":', 'Error parsing movie JSON or the movie was empty'],
    ['{}', 'Error parsing movie JSON or the movie was empty'],
    ['null', 'No valid movie JSON received'],
    ['[]', 'No valid movie JSON received'],
    ['{"resolution":"sd"}', "Property 'scenes' is required in movie"],
    ['{"template":"AAAAAAAAAAAAAAAAAAAA"}', 'Template AAAAAAAAAAAAAAAAAAAA not found'],
  ])('the body %j is refused with 400 and without a success field', async (body, message) => {
    const fake = await startFake();
    const answer = await post(fake, body);
    expect([answer.code, answer.json]).toEqual([400, { message }]);
    expect(fake.movies()).toEqual([]);
    expect(fake.requests()).toMatchObject([{ call: 'create', status: 400, accepted: false }]);
  });

  test('a body over 2 MB is refused with 413, one just below it is taken', async () => {
    const fake = await startFake();
    const filler = 'x'.repeat(2 * 1024 * 1024);
    const tooLarge = await post(fake, movieOf('a', 5, { comment: filler }));
    const fits = await post(fake, movieOf('a', 5, { comment: filler.slice(500) }));
    expect([tooLarge.code, fits.code]).toEqual([413, 200]);
  });

  test('a registered template renders, with what the request overrides', async () => {
    const template = 'LerKrmBfiqaIgBuacLWn';
    const movie = { resolution: 'sd', scenes: [{ duration: 3, elements: [{ type: 'text', text: 'a' }] }] };
    const fake = await startFake({ templates: { [template]: { movie } } });
    const answer = await post(fake, { template, resolution: 'hd', variables: { a: 1 } });
    fake.advance(60);
    const read = await call(fake, '/v2/movies');
    expect(answer.code).toBe(200);
    expect(read.json).toMatchObject({ movies: [{ status: 'done', width: 1280, duration: 3 }] });
  });

  test('an empty balance answers 400 Insufficient credits', async () => {
    const fake = await startFake({ credits: 0 });
    const answer = await post(fake, movieOf('a'));
    expect([answer.code, answer.json]).toEqual([400, { message: 'Insufficient credits' }]);
  });

  test('another method on a known path is 405, an unknown path 404', async () => {
    const fake = await startFake();
    expect((await call(fake, '/v2/movies', { method: 'PUT', body: {} })).code).toBe(405);
    expect((await call(fake, '/v2/unknown')).code).toBe(404);
  });

  test('the same seed and start give the same projects', async () => {
    const [one, two] = [await startFake({ seed: 7 }), await startFake({ seed: 7, startAt: START })];
    await post(one, movieOf('a'));
    await post(two, movieOf('a'));
    expect(one.movies()[0]?.project).toBe(two.movies()[0]?.project);
  });
});

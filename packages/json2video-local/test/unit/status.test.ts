import { describe, expect, test } from 'vitest';

import { call, movieOf, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

describe('GET /v2/movies?project=', () => {
  test('a movie goes pending, running, done, in the time its length implies', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    expect(await status(fake, project)).toMatchObject({ status: 'pending', success: false, url: null });
    fake.advance(2);
    expect(await status(fake, project)).toMatchObject({ status: 'running', url: null, ended_at: null });
    fake.advance(4);
    expect((await status(fake, project))['status']).toBe('running');
    fake.advance(1);
    expect((await status(fake, project))['status']).toBe('done');
  });

  test('a finished movie carries its file, its sizes and its client-data', async () => {
    const fake = await startFake({ renderSeconds: 10 });
    const project = await submit(fake, movieOf('a', 2.5, { resolution: 'hd' }));
    fake.advance(60);
    const answer = await call(fake, `/v2/movies?project=${project}`);
    const file = new RegExp(`^${fake.url}/clients/\\w+/renders/2026-11-15-[0-9a-f]{16}\\.`);
    expect(answer.json).toEqual({
      success: true,
      movie: {
        success: true,
        status: 'done',
        message: '',
        project,
        url: expect.stringMatching(new RegExp(`${file.source}mp4$`)),
        ass: expect.stringMatching(new RegExp(`${file.source}ass$`)),
        created_at: expect.stringMatching(/^2026-11-15T12:00:00/),
        ended_at: expect.stringMatching(/^2026-11-15T12:00:10/),
        duration: 2.5,
        size: expect.any(Number),
        width: 1280,
        height: 720,
        rendering_time: 9,
        consumed_credits: [{ type: 'render', credits: 3 }],
        'client-data': { renderonce: { key: 'a' }, order: 1 },
        json: JSON.stringify(movieOf('a', 2.5, { resolution: 'hd' })),
      },
      remaining_quota: { time: 99_997 },
    });
  });

  test('format=simple leaves the submitted movie out; id and a slash before the query work too', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    const simple = await call(fake, `/v2/movies/?id=${project}&format=simple`);
    expect(simple.json).toMatchObject({ success: true, movie: { project } });
    expect(simple.text).not.toContain('"json"');
  });

  test("an unknown project answers 400 with the provider's leaked error, marked as such", async () => {
    const fake = await startFake();
    const answer = await call(fake, '/v2/movies?project=AAAAAAAAAAAAAAAA');
    const message = "TypeError: Cannot read properties of null (reading 'success')";
    expect([answer.code, answer.json]).toEqual([400, { success: false, message }]);
    expect(answer.headers['x-json2video-local']).toBe("the provider's words");
  });

  test('polls are counted in the ledger', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    await status(fake, project);
    await status(fake, project);
    expect(fake.movies()[0]?.polls).toBe(2);
  });

  test('a movie running for more than 15 minutes is shown as timeout, and may still be done later', async () => {
    const fake = await startFake({ renderSeconds: 1200 });
    const project = await submit(fake);
    fake.advance(902);
    expect((await status(fake, project))['status']).toBe('timeout');
    expect(fake.movies()[0]?.status).toBe('running');
    fake.advance(300);
    expect((await status(fake, project))['status']).toBe('done');
  });

  test('the url is gone seven days after the end', async () => {
    const fake = await startFake();
    const project = await submit(fake);
    fake.advance(7 * 24 * 3600);
    expect((await status(fake, project))['url']).toMatch(/\.mp4$/);
    fake.advance(60);
    expect(await status(fake, project)).toMatchObject({ status: 'done', url: null, ass: null });
  });

  test('the clock runs timeScale times faster', async () => {
    const fake = await startFake({ timeScale: 1000 });
    const project = await submit(fake);
    await expect.poll(() => fake.movies()[0]?.status).toBe('done');
    expect((await status(fake, project))['status']).toBe('done');
  });
});

const scene = (...elements: object[]): object => ({ scenes: [{ elements }] });
const text = { type: 'text', text: 'a' };

describe('movies that fail at render time', () => {
  test.each([
    [
      scene(text, { type: 'video' }),
      "Scene #1 Element #2: The element type 'video' requires a 'src' property.",
    ],
    [
      scene({ type: 'image', src: 'https://cdn.test/missing/a.png' }),
      "Scene #1, element #1: Failed to download 'https://cdn.test/missing/a.png' (404)",
    ],
    [
      scene({ type: 'audio', src: 'https://a.invalid/a.mp3' }),
      "Scene #1, element #1: Failed to download 'https://a.invalid/a.mp3' (404)",
    ],
    [
      scene(text, { type: 'rectangle' }),
      'Object [movie/scenes[0]/elements[1]] does not match any of possible schemas: rectangle',
    ],
    [scene(), 'Movie duration cannot be zero'],
    [{ scenes: [] }, 'Movie duration cannot be zero'],
  ])('%j is accepted, fails with the documented message, and costs nothing', async (movie, message) => {
    const fake = await startFake();
    const answer = await post(fake, movie);
    expect(answer.code).toBe(200);
    const project = fake.movies()[0]?.project ?? '';
    fake.advance(30);
    const ended = { status: 'error', success: false, message, url: null, consumed_credits: [] };
    expect(await status(fake, project)).toMatchObject(ended);
    expect(fake.credits()).toEqual({ balance: 100_000, spent: 0, assets: 0 });
  });

  test('each started second of output costs one credit, charged when done', async () => {
    const fake = await startFake({ credits: 20 });
    await submit(fake, movieOf('a', 7.2));
    expect(fake.credits()).toEqual({ balance: 20, spent: 0, assets: 0 });
    fake.advance(60);
    expect(fake.credits()).toEqual({ balance: 12, spent: 8, assets: 0 });
    expect(fake.movies()[0]?.credits).toBe(8);
  });

  test('a balance that runs dry before the end fails the render and bills nothing', async () => {
    const fake = await startFake({ credits: 3 });
    const project = await submit(fake, movieOf('a', 4));
    fake.advance(60);
    const message = 'You exceeded the quota of time in your plan';
    expect(await status(fake, project)).toMatchObject({ status: 'error', message });
    expect(fake.credits().balance).toBe(3);
  });
});

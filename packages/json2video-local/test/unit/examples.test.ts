import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { exportsTo, releaseReceivers, startReceiver } from './receiver.js';
import { call, releaseFakes, startFake, status, submit, until } from './support.js';

releaseFakes();
releaseReceivers();

/** Movies as users write them; broken ones are in movie-checks.test.ts, several destinations in exports.test.ts. */
const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';

async function rendered(fake: FakeJson2Video, movie: object): Promise<Record<string, unknown>> {
  const project = await submit(fake, movie);
  fake.advance(120);
  return status(fake, project);
}

const card = { type: 'text', text: 'Hello', style: '001' };
const slide = (index: number): object => ({
  duration: 4,
  transition: { style: 'fade', duration: 0.5 },
  elements: [
    {
      type: 'image',
      src: `https://cdn.test/${index}.jpg`,
      resize: 'cover',
      pan: 'left',
      zoom: 2,
      duration: -2,
    },
    { type: 'voice', text: `Slide ${index}`, voice: 'en-US-AriaNeural', model: 'azure' },
  ],
});

describe('realistic movies', () => {
  test.each([
    [
      'a hello card',
      { resolution: 'full-hd', scenes: [{ duration: 5, elements: [card] }] },
      { duration: 5, width: 1920, height: 1080 },
    ],
    [
      'a vertical slideshow with narration',
      {
        resolution: 'custom',
        width: 1080,
        height: 1920,
        quality: 'high',
        scenes: [1, 2, 3, 4, 5].map(slide),
        elements: [{ type: 'subtitles', language: 'en', settings: { style: 'classic', 'font-size': 60 } }],
      },
      // Four transitions overlap by half a second each.
      { duration: 18, width: 1080, height: 1920 },
    ],
    [
      'a clip assembly with soundtrack',
      {
        resolution: 'full-hd',
        fps: 30,
        scenes: [1, 2].map((index) => ({
          elements: [
            { type: 'video', src: `https://cdn.test/${index}.mp4`, muted: true, seek: 2, duration: 6 },
          ],
        })),
        elements: [
          { type: 'audio', src: 'https://cdn.test/song.mp3', volume: 0.3, duration: -2, 'fade-out': 2 },
          { type: 'image', src: 'https://cdn.test/logo.png', position: 'top-right', width: 160 },
        ],
      },
      { duration: 12, width: 1920, height: 1080 },
    ],
    [
      'a long caption job',
      {
        cache: false,
        scenes: [{ elements: [{ type: 'video', src: 'https://cdn.test/talk.mp4', duration: -1 }] }],
        elements: [{ type: 'subtitles' }],
      },
      { duration: 5, width: 640, height: 360 },
    ],
    [
      'the documented minimum',
      { scenes: [{ elements: [{ type: 'video', src: 'https://cdn.test/clip.mp4' }] }] },
      { duration: 5, width: 640, height: 360 },
    ],
  ])('%s is done', async (_name, movie, facts) => {
    const fake = await startFake();
    expect(await rendered(fake, movie)).toMatchObject({ status: 'done', message: '', ...facts });
  });

  test('a template render keeps the types of its structured variables', async () => {
    const variables = {
      scenes: [{ voiceoverText: 'Hi', imageUrl: 'https://cdn.test/a.png', layoutStyle: 'left' }],
      brand: { colour: 'red' },
      renderMode: 'final',
      count: 3,
      isNew: true,
    };
    const movie = {
      scenes: [
        {
          iterate: 'scenes',
          duration: '{{count}}',
          elements: [
            { type: 'image', src: '{{imageUrl}}' },
            { type: 'voice', text: '{{voiceoverText}}' },
          ],
        },
      ],
    };
    const fake = await startFake({ templates: { [TEMPLATE]: { movie } } });
    const request = { template: TEMPLATE, variables, 'client-data': { order_id: 1, attempt: 1 } };
    const project = await submit(fake, request);
    fake.advance(60);
    const { json } = await call(fake, `/v2/movies?project=${project}`);
    expect(json).toMatchObject({
      movie: {
        status: 'done',
        duration: 3,
        'client-data': { order_id: 1, attempt: 1 },
        json: JSON.stringify(request),
      },
    });
  });

  test('the legacy shape still works, and its `id` is echoed in the callback', async () => {
    const [fake, receiver] = [await startFake(), await startReceiver()];
    const legacy = {
      width: 800,
      height: 600,
      draft: false,
      id: 'my-id',
      scenes: [{ duration: 2, elements: [card] }],
    };
    const shown = await rendered(fake, { ...legacy, ...exportsTo(receiver.url) });
    expect(shown).toMatchObject({ status: 'done', width: 800, height: 600, 'client-data': {} });
    await until(() => receiver.received.length === 1);
    expect(JSON.parse(receiver.received[0]?.text ?? '')).toMatchObject({ id: 'my-id' });
  });

  test('the cache pair: three projects, the second and third done almost at once', async () => {
    const fake = await startFake({ fixedClock: true });
    const movie = { scenes: [{ duration: 5, elements: [card] }] };
    await rendered(fake, movie);
    for (const again of [movie, { ...movie, 'client-data': { other: true } }]) {
      expect((await status(fake, await submit(fake, again)))['status']).toBe('done');
    }
    expect(new Set(fake.movies().map(({ project }) => project)).size).toBe(3);
  });
});

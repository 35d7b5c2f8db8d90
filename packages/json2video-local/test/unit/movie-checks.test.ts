import { describe, expect, test } from 'vitest';

import { call, post, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

const scene = (...elements: object[]): object => ({ scenes: [{ elements }] });
const text = { type: 'text', text: 'a' };
const image = { type: 'image', src: 'https://cdn.test/a.png' };

describe("the movie's own fields are checked at POST", () => {
  test.each([
    [{ scenes: {} }, "Property 'scenes' is not an array in movie"],
    [{ scenes: [], elements: 'none' }, "Property 'elements' is not an array in movie"],
    [{ scenes: [], resolution: '8k' }, "Property 'resolution' is not valid in movie"],
    [{ scenes: [], quality: 'best' }, "Property 'quality' is not valid in movie"],
    [{ scenes: [], width: 640.5 }, "Property 'width' is not an integer in movie"],
    [{ scenes: [], height: 'tall' }, "Property 'height' is not an integer in movie"],
    [{ scenes: [], width: 49 }, "Property 'width' must be between 50 and 3840 in movie"],
    [{ scenes: [], fps: 121 }, "Property 'fps' must be between 1 and 120 in movie"],
    [{ scenes: [], cache: 'no' }, "Property 'cache' is not a boolean in movie"],
    [{ scenes: [], variables: [] }, "Property 'variables' is not an object in movie"],
    [{ scenes: [], exports: {} }, "Property 'exports' is not an array in movie"],
    [{ template: 5 }, "Property 'scenes' is required in movie"],
  ])('%j is refused', async (movie, message) => {
    const fake = await startFake();
    const answer = await post(fake, movie);
    expect([answer.code, answer.json]).toEqual([400, { message }]);
  });

  test('a document that is nested too deeply is no movie', async () => {
    const fake = await startFake();
    const deep = `{"scenes":[],"comment":${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
    expect((await post(fake, deep)).json).toEqual({ message: 'No valid movie JSON received' });
  });

  test('text that is no well-formed Unicode is taken as it is', async () => {
    const fake = await startFake();
    expect((await post(fake, '{"scenes":[{"elements":[{"type":"text","text":"\\ud800"}]}]}')).code).toBe(200);
  });
});

/** Movies with one mistake, and the message that is known for it. */
const BROKEN: [object, string][] = [
  [
    scene(text, { type: 'video' }),
    "Scene #1 Element #2: The element type 'video' requires a 'src' property.",
  ],
  [
    scene(text, { type: 'rectangle' }),
    'Object [movie/scenes[0]/elements[1]] does not match any of possible schemas: rectangle',
  ],
  [scene({ ...image, zoom: 1.5 }), "Property 'zoom' is not an integer in movie/scenes[0]/elements[0]"],
  [scene({ type: 'voice', text: '' }), 'Scene #1, element #1: Voice generation failed: No text provided'],
  [scene(text, { type: 'text' }), "Property 'text' is required in movie/scenes[0]/elements[1]"],
  [scene({ type: 'voice' }), "Property 'text' is required in movie/scenes[0]/elements[0]"],
  [scene({ type: 'video', src: '' }), 'Source URL is required for video element in Scene 1, Element 1'],
  [scene({ text: 'a' }), "Property 'type' is required in movie/scenes[0]/elements[0]"],
  [
    { scenes: [], elements: [{ type: 'template' }] },
    'Object [movie/elements[0]] does not match any of possible schemas: template',
  ],
  [scene({ ...text, duration: '5' }), "Property 'duration' is not a number in movie/scenes[0]/elements[0]"],
  [scene(), 'Movie duration cannot be zero'],
  [scene(image), 'Movie duration cannot be zero'],
  [{ scenes: [{ duration: 0.5, elements: [text] }] }, 'Movie duration cannot be zero'],
];

describe('the contents of a movie are checked when the switch `validation` says', () => {
  test.each(BROKEN)('%j fails at render time', async (movie, message) => {
    const fake = await startFake();
    const project = await submit(fake, movie);
    fake.advance(2);
    const ended = { status: 'error', success: false, message, url: null, consumed_credits: [] };
    expect(await status(fake, project)).toMatchObject(ended);
  });

  test('each of them is refused at POST in the other position', async () => {
    const fake = await startFake({ switches: { validation: 'post' } });
    const answers = [];
    for (const [movie] of BROKEN) answers.push((await post(fake, movie)).json);
    expect(answers).toEqual(BROKEN.map(([, message]) => ({ message })));
    expect(fake.movies()).toEqual([]);
  });

  test.each([
    [
      scene({ type: 'image', src: 'https://cdn.test/missing/a.png' }),
      "Scene #1, element #1: Failed to download 'https://cdn.test/missing/a.png' (404)",
    ],
    [
      scene({ type: 'video', src: 'https://drive.google.com/drive/folders/1' }),
      'Scene #1, element #1: Failed to download Google Drive URL: https://drive.google.com/drive/folders/1',
    ],
    [
      scene({ type: 'video', src: 'https://cdn.test/page.html' }),
      'The URL provided is not a video file and cannot be used as a source for a video element',
    ],
  ])('%j, a matter of downloading, fails at render time in every position', async (movie, message) => {
    const fake = await startFake({ switches: { validation: 'post' } });
    const project = await submit(fake, movie);
    fake.advance(10);
    expect(await status(fake, project)).toMatchObject({ status: 'error', message });
  });

  test('a failed render answers HTTP 200 with an outer success of true', async () => {
    const fake = await startFake();
    const project = await submit(fake, scene());
    fake.advance(10);
    const answer = await call(fake, `/v2/movies?project=${project}&format=simple`);
    expect(answer.code).toBe(200);
    expect(answer.json).toMatchObject({ success: true, movie: { success: false, status: 'error' } });
  });
});

import { describe, expect, test } from 'vitest';

import type { FakeJson2Video } from '../../src/index.js';
import { call, releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

const TEMPLATE = 'LerKrmBfiqaIgBuacLWn';

const withTemplate = (movie: Readonly<Record<string, unknown>>): Promise<FakeJson2Video> =>
  startFake({ templates: { [TEMPLATE]: { movie } } });

async function rendered(fake: FakeJson2Video, movie: object): Promise<Record<string, unknown>> {
  const project = await submit(fake, movie);
  fake.advance(60);
  return status(fake, project);
}

const broken = (src: string): string =>
  `Scene #1, element #1: Failed to download 'https://cdn.test/missing/${src}' (404)`;

/** Whatever it is replaced by shows in the message of the failed render. */
const telling = (name: string, more: object = {}): { scenes: object[] } => ({
  scenes: [{ elements: [{ type: 'image', src: `https://cdn.test/missing/{{${name}}}`, ...more }] }],
});

describe('variables', () => {
  test('a template render merges the variables of the request over its own', async () => {
    const fake = await withTemplate({ ...telling('a}}-{{b'), variables: { a: 'own', b: 'kept' } });
    const { message } = await rendered(fake, { template: TEMPLATE, variables: { a: 'given' } });
    expect(message).toBe(broken('given-kept'));
  });

  test('the nearest scope wins: element, scene, movie', async () => {
    const fake = await startFake();
    const movie = telling('a}}-{{b}}-{{c', { variables: { a: 'element' } });
    const scoped = { ...movie.scenes[0], variables: { a: 'scene', b: 'scene' } };
    const { message } = await rendered(fake, { scenes: [scoped], variables: { a: '1', b: '1', c: 'movie' } });
    expect(message).toBe(broken('element-scene-movie'));
  });

  test('one without a value becomes empty, silently: an empty source is missed, an empty voice fails', async () => {
    const fake = await startFake();
    const source = { scenes: [{ elements: [{ type: 'video', src: '{{nothing}}' }] }] };
    const voice = { scenes: [{ elements: [{ type: 'voice', text: '{{nothing}}' }] }] };
    expect((await rendered(fake, source))['message']).toBe(
      'Source URL is required for video element in Scene 1, Element 1',
    );
    expect((await rendered(fake, voice))['message']).toBe(
      'Scene #1, element #1: Voice generation failed: No text provided',
    );
  });

  test('a text that is only a placeholder takes the type of its variable', async () => {
    const fake = await withTemplate({
      width: '{{width}}',
      cache: '{{isCached}}',
      scenes: [{ duration: '{{seconds}}', elements: [{ type: 'text', text: '{{words.title}}' }] }],
    });
    const variables = { width: 800, isCached: true, seconds: 7, words: { title: 'Hello' } };
    expect(await rendered(fake, { template: TEMPLATE, variables })).toMatchObject({
      status: 'done',
      width: 800,
      duration: 7,
    });
  });

  test('a scene with `iterate` is repeated for each object of an array', async () => {
    const fake = await withTemplate({
      scenes: [
        { iterate: 'slides', elements: [{ type: 'text', text: '{{title}}', duration: '{{seconds}}' }] },
      ],
    });
    const slides = [
      { title: 'one', seconds: 2 },
      { title: 'two', seconds: 3 },
    ];
    const variables = { slides, brand: { colour: 'red' }, renderMode: 'final' };
    expect(await rendered(fake, { template: TEMPLATE, variables })).toMatchObject({
      status: 'done',
      duration: 5,
    });
  });

  test('a part with a false condition is left out', async () => {
    const fake = await startFake();
    const element = { type: 'text', text: 'a', duration: 2 };
    const scenes = [
      { condition: '{{isShown}}', elements: [element] },
      { elements: [element, { type: 'video', condition: '{{hasVideo}}' }] },
    ];
    const variables = { isShown: false, hasVideo: '' };
    expect(await rendered(fake, { scenes, variables })).toMatchObject({ status: 'done', duration: 2 });
  });

  test('placeholders in client-data stay', async () => {
    const fake = await startFake();
    const clientData = { note: '{{a}}' };
    const movie = { ...telling('a'), variables: { a: 'x' }, 'client-data': clientData };
    expect((await rendered(fake, movie))['client-data']).toEqual(clientData);
  });

  test('a name of the language itself is no variable, and values cannot grow without end', async () => {
    const fake = await startFake();
    expect((await rendered(fake, telling('constructor')))['message']).toBe(broken(''));
    const long = 'x'.repeat(900_000);
    const text = '{{long}}'.repeat(1_000);
    const movie = { scenes: [{ elements: [{ type: 'text', text }] }], variables: { long } };
    expect((await rendered(fake, movie))['status']).toBe('done');
  });
});

describe('expressions', () => {
  const length = async (duration: string, variables: object = {}): Promise<unknown> => {
    const fake = await startFake();
    const movie = { variables, scenes: [{ duration, elements: [{ type: 'text', text: 'a' }] }] };
    return (await rendered(fake, movie))['duration'];
  };

  test.each([
    ['{{ 2 + 3 * 4 }}', {}, 14],
    ['{{ (2 + 3) * 4 - 1 }}', {}, 19],
    ['{{ -a + 10 }}', { a: 3 }, 7],
    ['{{ a / 4 }}', { a: '10' }, 2.5],
    ['{{ a % 7 }}', { a: 10 }, 3],
    ["{{ kind == 'long' ? 9 : 4 }}", { kind: 'long' }, 9],
    ['{{ a >= 2 and not b ? 5 : 3 }}', { a: 2, b: false }, 5],
    ['{{ a ? (b ? 2 : 3) : 4 }}', { a: true }, 3],
    ['{{ min(a, b, 8) + max(1, 2) }}', { a: 6, b: 7 }, 8],
    ['{{ round(a) + floor(b) }}', { a: 2.6, b: 2.6 }, 5],
    ['{{ list[1].seconds }}', { list: [{}, { seconds: 6 }] }, 6],
    ['{{ list.length }}', { list: [1, 2, 3, 4] }, 4],
    ['{{ outer }}', { outer: '{{ inner + 1 }}', inner: 5 }, 6],
  ])('%s of %j lasts %f s', async (duration, variables, seconds) => {
    expect(await length(duration, variables)).toBe(seconds);
  });

  test('one that cannot be read stays as it is written, and one that names itself ends', async () => {
    const fake = await startFake();
    const shown = async (name: string, variables: object): Promise<unknown> =>
      (await rendered(fake, { ...telling(name), variables }))['message'];
    expect(await shown('a b c', {})).toBe(broken('{{a b c}}'));
    expect(await shown('loop', { loop: '{{loop}}' })).toBe(broken('{{loop}}'));
  });

  test('a webhook may go to the address in a variable', async () => {
    const fake = await startFake();
    const endpoint = `${fake.url}/nowhere`;
    const exportsTo = [{ destinations: [{ type: 'webhook', endpoint: '{{make_webhook_url}}' }] }];
    const movie = { scenes: [{ duration: 2, elements: [{ type: 'text', text: 'a' }] }], exports: exportsTo };
    await rendered(fake, { ...movie, variables: { make_webhook_url: endpoint } });
    await expect.poll(() => fake.movies()[0]?.webhooks).toMatchObject([{ url: endpoint, status: 404 }]);
  });

  test.each([-1, 'auto'])('a text with the duration %j lasts as long as its animation', async (duration) => {
    const fake = await startFake();
    const movie = { scenes: [{ elements: [{ type: 'text', text: 'a', duration }] }] };
    expect(await rendered(fake, movie)).toMatchObject({ status: 'done', duration: 5 });
  });
});

describe('a template render', () => {
  test('takes size, quality, exports, client-data and id from the request, and the rest from the template', async () => {
    const scenes = [{ duration: 3, elements: [{ type: 'text', text: 'a' }] }];
    const fake = await withTemplate({
      resolution: 'sd',
      scenes,
      'client-data': { from: 'template' },
      cache: false,
    });
    const request = { template: TEMPLATE, resolution: 'instagram-story', 'client-data': { from: 'request' } };
    const shown = await rendered(fake, request);
    expect(shown).toMatchObject({ status: 'done', width: 1080, height: 1920, duration: 3 });
    expect(shown['client-data']).toEqual({ from: 'request' });
    const plain = await rendered(fake, { template: TEMPLATE });
    expect(plain).toMatchObject({ width: 640, 'client-data': { from: 'template' } });
  });

  test('shows the request as `json`, not the filled template', async () => {
    const fake = await withTemplate(telling('a'));
    const request = { template: TEMPLATE, variables: { a: 'x' } };
    const project = await submit(fake, request);
    const { json } = await call(fake, `/v2/movies?project=${project}`);
    expect(json).toMatchObject({ movie: { json: JSON.stringify(request) } });
  });

  test('a human name is no template ID', async () => {
    const fake = await startFake({ templates: { [TEMPLATE]: { movie: telling('a'), name: 'Listing' } } });
    expect((await call(fake, '/v2/movies', { method: 'POST', body: { template: 'Listing' } })).code).toBe(
      400,
    );
  });
});

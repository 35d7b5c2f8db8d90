import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { assertPublicAssets } from '../../src/movie/asset-urls.js';
import { MovieInvalid } from '../../src/render/errors.js';
import { isJsonObject, type JsonObject, parseJson } from '../../src/text/json.js';
import { urlFault } from '../../src/movie/public-url.js';
import { prepareCall } from '../../src/starter/prepare.js';
import { HOSTILE_URLS } from './hostile-urls.js';
import { ORDINARY_URLS } from './ordinary-urls.js';

const HOSTILE = Object.entries(HOSTILE_URLS).flatMap(([kind, urls]) =>
  urls.map((url) => [kind, url] as const),
);
const METADATA = 'http://169.254.169.254/latest/meta-data/';

const movieWith = (element: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...more,
  scenes: [{ elements: [element] }],
});
const check = (movie: JsonObject) => () => assertPublicAssets(movie, 'order-1');

describe('a movie that points where nobody should be sent is refused before anything starts', () => {
  test.each(HOSTILE)('by %s: %j', (_kind, src) => {
    const movie = movieWith({ type: 'image', src });
    expect(() => prepareCall('order-1', movie, {})).toThrow(MovieInvalid);
    expect(() => prepareCall('order-1', movie, {}, 'any')).not.toThrow();
  });

  test('and the corpus has at least 100 forms, each once', () => {
    expect(new Set(HOSTILE.map(([, url]) => url)).size).toBe(HOSTILE.length);
    expect(HOSTILE.length).toBeGreaterThanOrEqual(100);
  });

  test.each(ORDINARY_URLS)('but not by %j', (src) => {
    expect(check(movieWith({ type: 'image', src }))).not.toThrow();
  });

  test('and the error says where it stands and why, with the key, and repeats no credentials', () => {
    const refused = check(movieWith({ type: 'image', src: 'https://ada:pass-phrase@cdn.example.com/?k=s' }));
    expect(refused).toThrow(
      expect.objectContaining({
        code: 'MovieInvalid',
        key: 'order-1',
        message: expect.stringMatching(/^scenes\[0\]\.elements\[0\]\.src carries credentials/),
      }),
    );
    expect(refused).not.toThrow(/pass-phrase/);
    expect(check(movieWith({ src: METADATA }))).toThrow(/names the host 169\.254\.169\.254/);
  });
});

describe('an address is found wherever the provider may follow it', () => {
  test.each<[string, JsonObject]>([
    ['an element of the movie', { elements: [{ type: 'audio', src: METADATA }], scenes: [] }],
    ['a variable', { template: 't', variables: { photo: METADATA } }],
    ['a variable within lists', { template: 't', variables: { scenes: [{ photos: [METADATA] }] } }],
    ['a setting', movieWith({ type: 'text', text: 'Hi', settings: { 'font-url': METADATA } })],
    ['captions', movieWith({ type: 'subtitles', captions: METADATA })],
    ['a webhook', { scenes: [], exports: [{ destinations: [{ type: 'webhook', endpoint: METADATA }] }] }],
    ['markup', movieWith({ type: 'html', html: `<p style="background:url(${METADATA})">Hi</p>` })],
    ['a preloaded asset', { scenes: [], preload: [{ url: METADATA }] }],
    ['an unknown name', { scenes: [], later: { added: METADATA } }],
    ['a host of a variable', movieWith({ src: 'https://{{host}}/a' }, { variables: { host: '127.1' } })],
    [
      'a path of a variable that turns the name before it into credentials',
      movieWith({ src: 'https://cdn.example.com{{ path }}' }, { variables: { path: '@10.0.0.1/' } }),
    ],
    [
      'a nearer variable that hides an ordinary one',
      movieWith(
        { src: 'https://{{host}}/a', variables: { host: 'localhost' } },
        { variables: { host: 'cdn.example.com' } },
      ),
    ],
    [
      'a variable within a variable',
      movieWith({ src: '{{photo.url}}' }, { variables: { photo: { url: '{{base}}/a', base: METADATA } } }),
    ],
  ])('%s', (_where, movie) => {
    expect(check(movie)).toThrow(MovieInvalid);
  });

  test.each<[string, JsonObject]>([
    ['a text that is shown', movieWith({ type: 'text', text: METADATA })],
    ['a comment', { comment: METADATA, scenes: [] }],
    ['what the caller gets back', { scenes: [], 'client-data': { page: METADATA } }],
    [
      'a text with a colon',
      { template: 't', variables: { title: 'Re: your order', note: 'http: a primer' } },
    ],
    [
      'a variable that only the template knows',
      movieWith({ type: 'image', src: '{{photo}}' }, { variables: { other: 'x' } }),
    ],
    ['an element without an address yet', movieWith({ type: 'video', src: '' })],
    [
      'markup that points to the public web',
      movieWith({ type: 'html', html: '<img src="https://a.example/x">' }),
    ],
    [
      'the host of an ordinary variable',
      movieWith({ src: 'https://{{h}}/a' }, { variables: { h: 'cdn.example.com' } }),
    ],
    ['an inherited name', movieWith({ type: 'image', src: '{{constructor.name}}' })],
  ])('but not in %s', (_where, movie) => {
    expect(check(movie)).not.toThrow();
  });

  test('and the example movies are all fit', async () => {
    const folder = new URL('../../examples/movies/', import.meta.url);
    const files = await readdir(folder);
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      const movie = parseJson(await readFile(new URL(file, folder), 'utf8'));
      expect(isJsonObject(movie) && check(movie)).not.toThrow();
    }
  });
});

describe('the corpus catches a checker that', () => {
  const passes = (fault: (url: string) => boolean): string[] =>
    HOSTILE.map(([, url]) => url).filter((url) => !fault(url));

  test('is ours: nothing passes', () => {
    expect(passes((url) => urlFault(url) !== undefined)).toEqual([]);
  });

  test.each<[string, (url: string) => boolean]>([
    [
      'looks for words',
      (url) => !url.startsWith('http') || /localhost|127\.0\.0\.1|10\.|192\.168|@/.test(url),
    ],
    ['knows no names', (url) => urlFault(url.replace(/local\w*/i, 'a.example')) !== undefined],
    ['trusts what URL makes of the user part', (url) => urlFault(url.replace('@', '')) !== undefined],
    ['forgets IPv6', (url) => urlFault(url.replace(/\[.*\]/, 'a.example')) !== undefined],
    ['forgets link-local', (url) => urlFault(url.replace(/169\.254\.\d+\.\d+/, '8.8.8.8')) !== undefined],
  ])('%s', (_what, fault) => {
    expect(passes(fault).length).toBeGreaterThan(0);
  });
});

test('a movie of the largest size is judged at once, however it is built', () => {
  const size = 1_400_000;
  const movies: JsonObject[] = [
    movieWith({ html: 'https:'.repeat(size / 6) }),
    movieWith({ src: `https://${'a'.repeat(size)}` }),
    movieWith({ src: '{{x}}'.repeat(size / 5) }, { variables: { x: 'x'.repeat(1_000) } }),
    { scenes: Array.from({ length: 1_000 }, () => '{{x}}'.repeat(250)), variables: { x: 'x'.repeat(3_000) } },
    { template: 't', variables: { x: `${' '.repeat(size)}x` } },
  ];
  for (const movie of movies) expect(() => check(movie)()).not.toThrow(RangeError);
}, 20_000);

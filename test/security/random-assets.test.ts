import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assetFaults } from '../../src/movie/asset-urls.js';
import type { JsonObject } from '../../src/text/json.js';
import { fuzzing } from '../support/fuzz.js';
import { HOSTILE_ADDRESSES } from './hostile-addresses.js';
import { check, component, html, movieWith, uploadTo } from './movies-with.js';
import { ORDINARY_URLS } from './ordinary-urls.js';

describe('markup and variables that take too long to read are refused in time', () => {
  const SIZE = 1_400_000;

  test.each<[string, JsonObject]>([
    ['elements within elements', html('<div>'.repeat(SIZE / 5))],
    [
      'formats that are opened again and again',
      html(
        `<p>${Array.from({ length: 400 }, (_, n) => `<b a=${n}>`).join('')}</p>${'<p>x</p>'.repeat(100_000)}`,
      ),
    ],
    [
      'a tag with very many attributes',
      html(`<p ${Array.from({ length: 220_000 }, (_, n) => `a${n.toString(36)}`).join(' ')}>`),
    ],
    ['a text that grows', html('{{x}}<p>'.repeat(SIZE / 8), { variables: { x: 'x'.repeat(100_000) } })],
    [
      'a scene repeated ten thousand times',
      {
        variables: { rows: Array.from({ length: 10_000 }, (_, n) => n) },
        scenes: [
          {
            iterate: 'rows',
            elements: Array.from({ length: 1_000 }, () => ({ src: 'https://a.example/{{item}}' })),
          },
        ],
      },
    ],
    ['documents within documents', html('<iframe srcdoc="'.repeat(5) + '<i>' + '">'.repeat(5))],
  ])(
    '%s',
    (_, movie) => {
      const startedMs = performance.now();
      expect(Array.from(assetFaults(movie)).length).toBeGreaterThanOrEqual(0);
      expect(performance.now() - startedMs).toBeLessThan(15_000);
    },
    30_000,
  );
});

/** Places from which the provider fetches; each makes a movie of an address. */
const FETCHED = fc.constantFrom<(address: string) => JsonObject>(
  (src) => movieWith({ type: 'video', src }),
  (src) => ({ scenes: [], elements: [{ type: 'audio', src }] }),
  (address) => movieWith({ type: 'image', src: '{{a}}' }, { variables: { a: address } }),
  (address) => ({
    variables: { rows: [{ u: address }] },
    scenes: [{ iterate: 'rows', elements: [{ type: 'image', src: '{{u}}' }] }],
  }),
  (address) => html(`<div><p>text</p><img alt="a" src="${address}"></div>`),
  (address) => html(`<style>p { background: url("${address}") }</style>`),
  (address) => movieWith({ type: 'text', text: `<b>Hi</b> <img src='${address}'>` }),
  (address) => component({ card: { 'background-image': `url('${address}')` } }),
  (address) => component({ image: address }),
  (address) => component({ model: address }),
  (address) => html(`<noscript><img src="${address}"></noscript>`),
  (address) => html(`<select><option><img src="${address}"></select>`),
  (address) => html(`<p>Hi</p><img src='${address}`),
  (address) => html(`<iframe src="data:text/html,<img src='${encodeURIComponent(address)}'>"></iframe>`),
  (address) => uploadTo({ type: 'webhook', endpoint: address }),
);
/** Addresses as people write them, without those that no markup holds without escapes. */
const ORDINARY = fc.constantFrom(...ORDINARY_URLS.filter((url) => !/[\s"]/.test(url)));
const octet = fc.nat(255);
const PRIVATE = fc.oneof(
  fc.constantFrom(...Object.values(HOSTILE_ADDRESSES).flat()).filter((url) => !/[%"']/.test(url)),
  fc
    .tuple(
      fc.constantFrom('http', 'https'),
      fc.constantFrom('10', '127', '169.254', '192.168'),
      octet,
      octet,
      octet,
    )
    .map(
      ([scheme, net, a, b, c]) =>
        `${scheme}://${net}.${net.includes('.') ? `${a}.${b}` : `${a}.${b}.${c}`}/a`,
    ),
);
/** Texts as people write them, with what looks like addresses. */
const WORDS = fc
  .array(
    fc.constantFrom(
      'Hi',
      'https://',
      'sftp://x',
      'tel:',
      'Re:',
      '@',
      '//',
      '{{',
      '}}',
      '{{name}}',
      '<',
      '>',
      '&',
      "'",
      '"',
      ' ',
      'url(',
      ')',
      'é',
      '\ud83d',
      'a.png',
      '?',
      '#',
    ),
    { maxLength: 12 },
  )
  .map((words) => words.join(''));

const { shareMs, rounds } = fuzzing(2);

describe('over random movies', () => {
  test(
    'a literal private address passes in no fetched place',
    () =>
      rounds(() =>
        fc.assert(
          fc.property(FETCHED, PRIVATE, (movieOf, address) => {
            expect(check(movieOf(address))).toThrow(expect.objectContaining({ code: 'MovieInvalid' }));
          }),
          { numRuns: 1_000 },
        ),
      ),
    60_000 + shareMs,
  );

  test(
    'a movie without one is never refused',
    () =>
      rounds(() =>
        fc.assert(
          fc.property(FETCHED, ORDINARY, WORDS, WORDS, (movieOf, address, words, others) => {
            const movie = movieOf(address);
            const more = [
              { type: 'text', text: words, settings: { headline: others } },
              { type: 'voice', text: others },
              { type: 'html', html: `<p title="t">${words.replaceAll('<', '')}</p>` },
            ];
            const scenes = Array.isArray(movie['scenes']) ? movie['scenes'] : [];
            const all = { ...movie, comment: others, scenes: [...scenes, { elements: more }] };
            expect(check(all)).not.toThrow();
          }),
          { numRuns: 2_000 },
        ),
      ),
    60_000 + shareMs,
  );

  test.each<[string, (url: string) => boolean]>([
    ['knows only dotted addresses', (url) => /\/\/(?:127|10|169\.254|192\.168)\./.test(url)],
    ['forgets all but loopback', (url) => /127\.|localhost/.test(url)],
  ])('a guard that %s is caught by the first property', (_, refuses) => {
    expect(
      fc.check(
        fc.property(PRIVATE, (address) => refuses(address)),
        { numRuns: 1_000 },
      ).failed,
    ).toBe(true);
  });
});

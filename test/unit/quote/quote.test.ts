import { describe, expect, test } from 'vitest';
import { DOCUMENTED } from '../../../packages/json2video-local/test/unit/movies/documented-movies.js';
import type { MovieCase } from '../../../packages/json2video-local/test/unit/movies/movie-case.js';
import { PRICED } from '../../../packages/json2video-local/test/unit/movies/priced-movies.js';
import { PUBLISHED } from '../../../packages/json2video-local/test/unit/movies/published-movies.js';
import { WITH_VARIABLES } from '../../../packages/json2video-local/test/unit/movies/variable-movies.js';
import { quoteMovie } from '../../../src/movie/quote.js';
import { isJsonObject } from '../../../src/text/json.js';
import { chargesOf, quoteFault } from './charged.js';
import { EXACT } from './exact-movies.js';
import { ESTIMATES, UNKNOWN } from './other-movies.js';

const scene = (duration: number, ...elements: object[]): object => ({ scenes: [{ duration, elements }] });

describe('the quote and its bound', () => {
  test.each([...EXACT, ...ESTIMATES, ...UNKNOWN])('$bound: $name', ({ movie, credits, bound }) => {
    expect(quoteMovie(movie)).toMatchObject({ credits, bound });
  });

  test('the parts name what costs, where it is, and what is unknown', () => {
    const bee = { type: 'image', prompt: 'A bee', model: 'flux-pro' };
    expect(quoteMovie(scene(5, bee)).parts).toEqual([
      { what: '5 s of video', credits: 5 },
      { what: 'image by flux-pro', credits: 20, path: 'scenes[0].elements[0]' },
    ]);
    expect(
      quoteMovie({ scenes: [{ elements: [{ type: 'video', src: 'https://a.example/1.mp4' }] }] }).parts,
    ).toEqual([
      { what: 'at least 0 s of video', credits: 0 },
      { what: 'has a length that only the render knows', credits: 0, path: 'scenes[0].elements[0]' },
    ]);
  });

  test('a repeated part is named once, and at most 100 parts are named', () => {
    const bee = { type: 'image', prompt: 'A bee', model: 'flux-pro' };
    const rows = {
      variables: { rows: [1, 2, 3] },
      scenes: [{ iterate: 'rows', duration: 1, elements: [bee] }],
    };
    expect(quoteMovie(rows).parts[1]).toMatchObject({ what: '3 × image by flux-pro', credits: 60 });
    const many = quoteMovie(scene(5, ...Array.from({ length: 500 }, () => bee)));
    expect(many.parts).toHaveLength(100);
    expect(many.credits).toBe(5 + 500 * 20);
  });
});

describe('a template', () => {
  const request = { template: 'LerKrmBfiqaIgBuacLWn', variables: { seconds: 7 }, resolution: 'hd' };
  const template = {
    variables: { seconds: 3 },
    scenes: [{ duration: '{{seconds}}', elements: [{ type: 'text', text: 'a' }] }],
  };

  test('is unknown unless it was read', () => {
    expect(quoteMovie(request)).toMatchObject({
      credits: 0,
      bound: 'unknown',
      parts: [{ path: 'template' }],
    });
    expect(quoteMovie(request, 'no JSON')).toMatchObject({ bound: 'unknown' });
  });

  test.each([
    ['an object', template],
    ['text', JSON.stringify(template)],
  ])('that was read as %s is quoted with the variables of the request', (_, read) => {
    expect(quoteMovie(request, read)).toMatchObject({ credits: 7, bound: 'exact' });
  });
});

describe('the local provider charges what was quoted', () => {
  const own = [...EXACT, ...ESTIMATES, ...UNKNOWN];
  const cases: readonly MovieCase[] = [...DOCUMENTED, ...WITH_VARIABLES, ...PUBLISHED, ...PRICED];

  test(`for ${own.length} movies, exact quotes to the credit`, async () => {
    const charges = await chargesOf(own.map(({ movie }) => movie));
    const faults = own.flatMap(({ name, movie }, index) => {
      const charge = charges[index];
      return charge === undefined ? [name] : (quoteFault(quoteMovie(movie), charge) ?? []);
    });
    expect(faults).toEqual([]);
    // Each exact movie is rendered, so that none passes by failing.
    expect(charges.slice(0, EXACT.length).filter(({ isDone }) => !isDone)).toEqual([]);
    expect(own.length).toBeGreaterThanOrEqual(45);
  });

  test.each(cases)('for the movie "$name"', async ({ movie, options = {} }) => {
    const [charge] = await chargesOf([movie], { ...options, switches: {} });
    const named: unknown = isJsonObject(movie) ? movie['template'] : undefined;
    const template = typeof named === 'string' ? options.templates?.[named]?.movie : undefined;
    expect(
      charge === undefined ? 'not sent' : quoteFault(quoteMovie(movie, template), charge),
    ).toBeUndefined();
  });

  test('a quote that is too low, too high or not the sum of its parts is found', () => {
    const charge = { isDone: true, credits: 25 };
    const parts = [{ what: '5 s of video', credits: 5 }];
    expect(quoteFault({ credits: 5, bound: 'exact', parts }, charge)).toContain('25 charged');
    expect(quoteFault({ credits: 5, bound: 'estimate', parts }, charge)).toContain('25 charged');
    expect(quoteFault({ credits: 6, bound: 'unknown', parts }, charge)).toContain('parts');
    expect(quoteFault({ credits: 5, bound: 'unknown', parts }, { isDone: true, credits: 4 })).toContain(
      '4 charged',
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Quote, quoteMovie } from '../../../src/movie/quote.js';
import { chargesOf, quoteFault } from './charged.js';
import { movies } from './random-movies.js';

const tally = (quotes: readonly Quote[], bound: Quote['bound']): number =>
  quotes.filter((quote) => quote.bound === bound).length;

describe('random movies', () => {
  test('the local provider charges what was quoted, within the bound of the quote', async () => {
    // A fixed seed: the number of movies with each bound would change with every other one.
    const sample = fc.sample(movies, { numRuns: 600, seed: 1 });
    const charges = await chargesOf(sample);
    const quotes = sample.map((movie) => quoteMovie(movie));
    const faults = sample.flatMap((movie, index) => {
      const [quote, charge] = [quotes[index], charges[index]];
      const fault = quote === undefined || charge === undefined ? 'not sent' : quoteFault(quote, charge);
      return fault === undefined ? [] : [`${fault}: ${JSON.stringify(movie)}`];
    });
    expect(faults.slice(0, 3)).toEqual([]);
    // Each bound occurs often among the movies that are done, so that each is tried.
    const done = quotes.filter((_, index) => charges[index]?.isDone);
    for (const bound of ['exact', 'estimate', 'unknown'] as const)
      expect([bound, tally(done, bound) > 20]).toEqual([bound, true]);
  }, 60_000);

  test('a movie costs no less if a scene is added', () => {
    fc.assert(
      fc.property(movies, fc.integer({ min: 1, max: 20 }), (movie, duration) => {
        const scenes: unknown = Object.entries(movie).find(([name]) => name === 'scenes')?.[1];
        const longer = {
          ...movie,
          scenes: [...(Array.isArray(scenes) ? (scenes as object[]) : []), { duration }],
        };
        expect(quoteMovie(longer).credits).toBeGreaterThanOrEqual(quoteMovie(movie).credits);
      }),
      { numRuns: 500 },
    );
  });
});

describe('any value', () => {
  const hostile = fc.oneof(
    fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true }),
    fc.jsonValue(),
    fc.record(
      {
        scenes: fc.jsonValue(),
        elements: fc.jsonValue(),
        variables: fc.jsonValue(),
        template: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
  );

  test('has a quote: whole credits, a bound, and parts that add up', () => {
    fc.assert(
      fc.property(hostile, hostile, (movie, template) => {
        const { credits, bound, parts } = quoteMovie(movie, template);
        expect(Number.isSafeInteger(credits) && credits >= 0).toBe(true);
        expect(['exact', 'estimate', 'unknown']).toContain(bound);
        expect(parts.reduce((sum, part) => sum + part.credits, 0)).toBe(credits);
      }),
      { numRuns: 2_000 },
    );
  });

  test.each<[string, unknown]>([
    ['no movie', undefined],
    ['a list', []],
    [
      'a cycle',
      (() => {
        const a: Record<string, unknown> = {};
        a['scenes'] = [a];
        return a;
      })(),
    ],
    [
      'lengths that add up to infinity',
      { scenes: [{ duration: 1e308 }, { duration: 1e308, transition: {} }] },
    ],
    ['a movie of more than a day', { scenes: [{ duration: 90_000 }] }],
    [
      'a clip of endless length',
      {
        scenes: [
          { duration: 5, elements: [{ type: 'video', prompt: 'a', 'model-settings': { duration: 1e308 } }] },
        ],
      },
    ],
    [
      'a scene for each of a million items',
      {
        variables: { rows: Array.from({ length: 1_000_000 }, () => 1) },
        scenes: [{ iterate: 'rows', duration: 1, elements: [{ type: 'text', text: 'a' }] }],
      },
    ],
    [
      'variables that grow',
      {
        variables: { x: 'x'.repeat(100_000) },
        scenes: Array.from({ length: 2_000 }, () => ({
          duration: 1,
          elements: [{ type: 'voice', text: '{{x}}{{x}}' }],
        })),
      },
    ],
    [
      'names of a prototype',
      { scenes: [{ duration: 5, elements: [{ type: 'image', prompt: 'a', model: 'constructor' }] }] },
    ],
  ])('%s has no known price', (_, movie) => {
    const startedMs = performance.now();
    expect(quoteMovie(movie)).toMatchObject({ bound: 'unknown' });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MovieInvalid } from '../../src/render/errors.js';
import { labelOf, markIn, parseMovie, withMark, withoutMark } from '../../src/movie/movie.js';

const KEY = 'order-12345';
const MARK = { key: KEY, fingerprint: 'f'.repeat(64), namespace: 'default' };

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const refused = (message: string): MovieInvalid => new MovieInvalid(message, { key: KEY });

describe('parseMovie', () => {
  test.each([
    ['no scenes yet', {}],
    ['a template', { template: 'LerKrmBfiqaIgBuacLWn', variables: { headline: 'Hello' } }],
    [
      'client-data of any JSON',
      { scenes: [], 'client-data': { order: 1, tags: ['a', null], deep: { b: true } } },
    ],
    ['names that mean something to JavaScript', { constructor: 1, toString: 'x', length: 3 }],
  ])('hands on a movie with %s as it is', (_, movie) => {
    expect(parseMovie(movie, KEY)).toEqual(movie);
  });

  test('drops values that JSON cannot hold, as the wire would', () => {
    const movie = {
      a: undefined,
      b: () => 1,
      c: [undefined, Number.NaN],
      d: new Date(0),
      e: -0,
      f: Symbol('x'),
    };
    expect(parseMovie(movie, KEY)).toEqual({ c: [null, null], d: '1970-01-01T00:00:00.000Z', e: 0 });
  });

  test('returns a copy, which later changes of the original do not reach', () => {
    const movie = { scenes: [{ duration: 5 }] };
    const parsed = parseMovie(movie, KEY);
    movie.scenes.push({ duration: 6 });
    expect(parsed).toEqual({ scenes: [{ duration: 5 }] });
  });

  test.each([undefined, null, 'movie', 5, true, [], () => ({}), Symbol('movie')])(
    'refuses %o, which is not an object',
    (movie) => {
      expect(() => parseMovie(movie, KEY)).toThrow(refused('the movie is not a JSON object'));
    },
  );

  test('refuses an object that turns into something else on the wire', () => {
    expect(() => parseMovie(new Date(), KEY)).toThrow(refused('the movie is not a JSON object'));
    expect(() => parseMovie({ toJSON: () => undefined }, KEY)).toThrow(MovieInvalid);
  });

  test('names the key in the error', () => {
    expect(() => parseMovie(null, KEY)).toThrow(expect.objectContaining({ key: KEY, code: 'MovieInvalid' }));
  });

  test('takes 64 levels and refuses 65', () => {
    expect(parseMovie({ a: nested(63) }, KEY)).toEqual({ a: nested(63) });
    expect(() => parseMovie({ a: nested(64) }, KEY)).toThrow(
      refused('the movie is nested deeper than 64 levels'),
    );
  });

  test('refuses a movie 100,000 levels deep without exhausting the stack', () => {
    expect(() => parseMovie({ a: nested(100_000) }, KEY)).toThrow(MovieInvalid);
  });

  test('refuses a movie that contains itself', () => {
    const movie: Record<string, unknown> = { scenes: [] };
    movie['scenes'] = [{ elements: [movie] }];
    expect(() => parseMovie(movie, KEY)).toThrow(MovieInvalid);
  });

  test('refuses a number that JSON does not know', () => {
    expect(() => parseMovie({ duration: 5n }, KEY)).toThrow(refused('the movie cannot be written as JSON'));
  });

  test('takes 1,500,000 bytes and refuses one more, counted in UTF-8', () => {
    const filler = 1_500_000 - JSON.stringify({ comment: '' }).length;
    expect(parseMovie({ comment: 'x'.repeat(filler) }, KEY)).toHaveProperty('comment.length', filler);
    expect(() => parseMovie({ comment: 'x'.repeat(filler + 1) }, KEY)).toThrow(
      refused('the movie has 1500001 bytes, and the limit is 1500000'),
    );
    expect(() => parseMovie({ comment: 'é'.repeat(filler / 2 + 1) }, KEY)).toThrow(
      /^the movie has 150000\d bytes/,
    );
  });

  test.each(['text', 5, [{ order: 1 }], true])('refuses client-data %j', (clientData) => {
    const movie = { 'client-data': clientData };
    expect(() => parseMovie(movie, KEY)).toThrow(refused('"client-data" is not an object'));
  });

  test.each([[[]], [null]])(
    'takes client-data %j for an empty object, as PHP and tools write it',
    (clientData) => {
      expect(parseMovie({ 'client-data': clientData, scenes: [] }, KEY)).toEqual({
        'client-data': {},
        scenes: [],
      });
    },
  );

  test.each([{}, null, false, MARK])('refuses client-data.renderonce %j, which is ours', (renderonce) => {
    const movie = { 'client-data': { order: 1, renderonce } };
    expect(() => parseMovie(movie, KEY)).toThrow(
      refused('"client-data.renderonce" is reserved for renderonce'),
    );
  });

  test('leaves the name renderonce free elsewhere', () => {
    const movie = { renderonce: 1, 'client-data': { own: { renderonce: 2 } } };
    expect(parseMovie(movie, KEY)).toEqual(movie);
  });
});

describe('the mark', () => {
  test('stands beside the caller’s own client-data, and the movie given stays as it was', () => {
    const movie = { scenes: [], 'client-data': { order: 1 } };
    expect(withMark(movie, MARK)).toEqual({ scenes: [], 'client-data': { order: 1, renderonce: MARK } });
    expect(movie).toEqual({ scenes: [], 'client-data': { order: 1 } });
  });

  test('is added if there is no client-data', () => {
    expect(withMark({}, MARK)).toEqual({ 'client-data': { renderonce: MARK } });
  });

  test('is found again, and taken away, after any movie’s trip over the wire', () => {
    const names = fc.constantFrom('order', 'tags', 'a', 'constructor');
    const movies = fc.record({ scenes: fc.jsonValue(), 'client-data': fc.dictionary(names, fc.jsonValue()) });
    fc.assert(
      fc.property(movies, fc.string(), (given, key) => {
        const movie = parseMovie(given, KEY);
        const sent = overTheWire(withMark(movie, { ...MARK, key }));
        expect(markIn(sent['client-data'])).toEqual({ ...MARK, key });
        expect(withoutMark(sent['client-data'])).toEqual(movie['client-data']);
      }),
    );
  });

  test.each([
    undefined,
    null,
    'renderonce',
    [],
    {},
    { renderonce: null },
    { renderonce: 'yes' },
    { renderonce: [MARK] },
    { renderonce: { key: KEY, fingerprint: MARK.fingerprint } },
    { renderonce: { ...MARK, key: 5 } },
    { renderonce: { ...MARK, namespace: null } },
  ])('is not in %j', (clientData) => {
    expect(markIn(clientData)).toBeUndefined();
  });
});

function overTheWire(movie: unknown): { 'client-data': ReturnType<typeof parseMovie> } {
  return JSON.parse(JSON.stringify(movie)) as { 'client-data': ReturnType<typeof parseMovie> };
}

describe('labelOf', () => {
  test.each([
    ['its comment', { comment: 'Promo\nfor order 7', template: 'T', scenes: [] }, 'Promo for order 7'],
    ['its template', { comment: ' ', template: 'LerKrmBfiqaIgBuacLWn' }, 'template LerKrmBfiqaIgBuacLWn'],
    ['the number of its scenes', { scenes: [{}, {}], resolution: 'full-hd' }, '2 scenes, full-hd'],
    ['one scene', { scenes: [{}] }, '1 scene'],
    ['no scene', {}, '0 scenes'],
    ['scenes that it can count', { scenes: 'many', resolution: 5 }, '0 scenes'],
  ])('names a movie by %s', (_, movie, label) => {
    expect(labelOf(movie)).toBe(label);
  });

  test('stays short for any movie', () => {
    for (const name of ['comment', 'template', 'resolution']) {
      expect(labelOf({ [name]: 'x'.repeat(10_000) }).length).toBeLessThanOrEqual(80);
    }
  });
});

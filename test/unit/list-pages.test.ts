import { errors } from 'undici';
import { describe, expect, test } from 'vitest';
import { listMovies } from '../../src/json2video/list-movies.js';
import { markOf, type MovieReply, withKey } from '../../src/json2video/movie-reply.js';
import { withMark } from '../../src/movie/movie.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const MARK = { key: 'order-1', fingerprint: 'a'.repeat(64), namespace: 'videos', account: '0123456789ab' };
const MARKED = withMark({ scenes: [], comment: 'x' }, MARK);

interface Asked {
  readonly limit: number;
  readonly token: string | null;
}

type Answer = (asked: Asked) => object | string | number;

/** Reads a list whose pages are given: a body, or an HTTP status without one. */
async function read(answer: Answer): Promise<{ movies: MovieReply[]; asked: Asked[] }> {
  const asked: Asked[] = [];
  const movies: MovieReply[] = [];
  const get = async ({ searchParams }: URL) => {
    const ask = { limit: Number(searchParams.get('limit')), token: searchParams.get('next_token') };
    asked.push(ask);
    const given = answer(ask);
    if (typeof given === 'number') return { status: given, body: 'Bad Gateway' };
    return { status: 200, body: typeof given === 'string' ? given : JSON.stringify(given) };
  };
  const url = new URL('https://api.example.com/v2/movies');
  // Asks from 22 November, a day early.
  for await (const page of listMovies(get, url, {}, { since: new Date('2026-11-23T08:00:00Z') }, NOW)) {
    movies.push(...page);
  }
  return { movies, asked };
}

const movieOf = (index: number, more: object = {}): object => ({
  project: `project${index}`,
  created_at: '2026-11-23T10:00:00.000Z',
  ...more,
});

const some = (count: number, from = 0): object[] =>
  Array.from({ length: count }, (_, index) => movieOf(from + index));

describe('the mark of a listed movie is read', () => {
  test.each<[string, object]>([
    ['in client-data as text', { 'client-data': JSON.stringify(MARKED['client-data']) }],
    ['in client_data', { client_data: MARKED['client-data'] }],
    ['in clientData as text', { clientData: JSON.stringify(MARKED['client-data']) }],
    ['in client_data beside an empty client-data', { client_data: MARKED['client-data'], 'client-data': [] }],
    ['in json as text', { json: JSON.stringify(MARKED) }],
    ['in json as an object', { json: MARKED, 'client-data': {} }],
  ])('%s', async (_, shape) => {
    const { movies } = await read(() => ({ movies: [movieOf(1, shape)], has_next: false }));
    expect(withKey(movies, 'order-1', 'videos')).toMatchObject([{ project: 'project1' }]);
    expect(movies.map(markOf)).toEqual([MARK]);
  });

  test('of a project that is a number', async () => {
    const { movies } = await read(() => ({ movies: [{ ...MARKED, project: 4711 }] }));
    expect(withKey(movies, 'order-1', 'videos')).toMatchObject([{ project: '4711' }]);
  });
});

describe('the next page is read', () => {
  test.each<[string, object, object]>([
    ['has_next is true', { has_next: true }, { has_next: false }],
    ['has_next is text', { has_next: 'true' }, { has_next: 'false' }],
    ['has_next is absent and a token is there', {}, { next_token: null }],
    ['has_next is null, and the last token is empty', { has_next: null }, { next_token: '' }],
    ['count is that of the page', { has_next: true, count: 100 }, { has_next: false, count: 20 }],
    ['count is that of the whole list', { has_next: true, count: 120 }, { has_next: false, count: 120 }],
  ])('if %s', async (_, first, last) => {
    const { movies, asked } = await read(({ token }) =>
      token === null
        ? { movies: some(100), next_token: 'two', ...first }
        : { movies: some(20, 100), next_token: null, ...last },
    );
    expect(movies).toHaveLength(120);
    expect(asked.map(({ token }) => token)).toEqual([null, 'two']);
  });

  test('not if has_next is false, whatever the token', async () => {
    const { asked } = await read(() => ({ movies: some(100), has_next: false, next_token: 'two' }));
    expect(asked).toHaveLength(1);
  });
});

describe('a list that contradicts itself is no look:', () => {
  const day = { from: '2026-11-22T00:00:00.000Z', to: '2026-11-24T23:59:59.999Z' };

  test.each<[string, object]>([
    ['success is false', { success: false, movies: [] }],
    ['more movies are counted than shown', { movies: [], count: 1 }],
    ['has_next is no known word', { movies: [], has_next: 'perhaps' }],
    ['it begins later than asked', { ...day, from: '2026-11-23T00:00:00.000Z', movies: [] }],
    ['it begins earlier than asked', { ...day, from: '2026-11-01', movies: [] }],
    ['a movie is from before', { movies: [{ project: 'a', created_at: '2026-11-20T10:00:00.000Z' }] }],
    ['a movie has no project', { movies: [{ 'client-data': MARKED['client-data'] }] }],
  ])('%s', async (_, body) => {
    await expect(read(() => body)).rejects.toThrow(/^the list /);
  });

  test('the last page shows less than counted', async () => {
    const reading = read(({ token }) =>
      token === null
        ? { movies: some(100), count: 100, has_next: true, next_token: 'two' }
        : { movies: some(20, 100), count: 50, has_next: false },
    );
    await expect(reading).rejects.toThrow('the list contradicts itself: it counts 50 movies and shows 20');
  });

  test('all pages together show less than counted', async () => {
    const reading = read(({ token }) => ({
      movies: some(60, token === null ? 0 : 60),
      count: 121,
      ...(token === null ? { next_token: 'two' } : {}),
    }));
    await expect(reading).rejects.toThrow('the list contradicts itself: it counts 121 movies and shows 120');
  });

  test('a page of one movie does not say if more follow', async () => {
    await expect(read(({ limit }) => ({ movies: some(limit) }))).rejects.toThrow(
      'the list does not say if more movies follow',
    );
  });

  test('pages with a next one come without end', async () => {
    let next = 0;
    await expect(read(() => ({ movies: [], next_token: String((next += 1)) }))).rejects.toThrow(
      /does not end/,
    );
  });
});

test.each([
  ['UTC', '2026-11-22T00:00:00.000Z'],
  ['UTC, as a date', '2026-11-22'],
  ['UTC, without a zone', '2026-11-22 00:00:00'],
  ['UTC+14', '2026-11-21T10:00:00.000Z'],
  ['UTC-12', '2026-11-22T12:00:00.000Z'],
])('the days of a list may be those of %s', async (_, from) => {
  expect((await read(() => ({ from, movies: some(1), count: 1 }))).movies).toHaveLength(1);
});

describe('a page is read in smaller ones', () => {
  test('if the provider answers 502 to a large limit', async () => {
    const { movies, asked } = await read(({ limit, token }) => {
      if (limit > 10) return 502;
      const start = Number(token ?? 0);
      const shown = some(Math.min(limit, 15 - start), start);
      return { movies: shown, has_next: start + limit < 15, next_token: String(start + limit) };
    });
    expect(movies).toHaveLength(15);
    expect(asked.map(({ limit }) => limit)).toEqual([100, 50, 25, 12, 6, 6, 6]);
  });

  test('if it is larger than the cap, down to one movie', async () => {
    const tooLarge = (): never => {
      throw new errors.ResponseExceededMaxSizeError('too large');
    };
    const { movies, asked } = await read(({ limit }) =>
      limit > 1 ? tooLarge() : { movies: some(1), has_next: false },
    );
    expect(movies).toHaveLength(1);
    expect(asked.map(({ limit }) => limit)).toEqual([100, 50, 25, 12, 6, 3, 1]);
    await expect(read(tooLarge)).rejects.toThrow(/^the list cannot be read: a page of one movie/);
  });

  test('if it is full and names no next one, until the provider names one', async () => {
    const { movies } = await read(({ limit, token }) => {
      const start = Number(token ?? 0);
      // Its own limit of 100 cuts the list, without a word.
      const end = Math.min(start + limit, 120);
      return {
        movies: some(end - start, start),
        ...(end < 120 && limit < 100 ? { next_token: String(end) } : {}),
      };
    });
    expect(movies).toHaveLength(120);
  });

  test('but a 502 to a page of one movie is no look', async () => {
    await expect(read(() => 502)).rejects.toThrow('the list cannot be read: HTTP 502 Bad Gateway');
  });
});

test('a page is dropped before the next one is read', async () => {
  const pages: (readonly MovieReply[])[] = [];
  const sizes: number[][] = [];
  const get = async () => {
    sizes.push(pages.map(({ length }) => length));
    const next = sizes.length < 3 ? String(sizes.length) : null;
    return { status: 200, body: JSON.stringify({ movies: some(2), next_token: next }) };
  };
  const url = new URL('https://api.example.com/v2/movies');
  for await (const page of listMovies(get, url, {}, { since: new Date(NOW) }, NOW)) pages.push(page);
  expect(sizes).toEqual([[], [0], [0, 0]]);
});

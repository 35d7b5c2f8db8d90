import { describe, expect, test } from 'vitest';

import { DOCUMENTED } from './movies/documented-movies.js';
import type { MovieCase } from './movies/movie-case.js';
import { PRICED } from './movies/priced-movies.js';
import { PUBLISHED } from './movies/published-movies.js';
import { WITH_VARIABLES } from './movies/variable-movies.js';
import { releaseFakes, startFake, status, submit } from './support.js';

releaseFakes();

async function played({ movie, options = {} }: MovieCase): Promise<unknown> {
  const fake = await startFake({ fixedClock: true, ...options });
  const project = await submit(fake, movie);
  fake.advance(600);
  const { status: end, message, duration, width } = await status(fake, project);
  return { end, message, seconds: duration, width, credits: fake.credits().spent };
}

const wanted = ({ fails, seconds, width, credits }: MovieCase): object =>
  fails === undefined
    ? {
        end: 'done',
        message: '',
        seconds,
        credits: credits ?? Math.ceil(seconds ?? 0),
        ...(width === undefined ? {} : { width }),
      }
    : { end: 'error', message: fails, credits: credits ?? 0 };

test('there are 40 movies', () => {
  const all = [...DOCUMENTED, ...WITH_VARIABLES, ...PUBLISHED, ...PRICED];
  expect(new Set(all.map(({ name }) => name)).size).toBe(40);
});

describe.each([
  ['documented', DOCUMENTED],
  ['filled', WITH_VARIABLES],
  ['published', PUBLISHED],
  ['priced', PRICED],
])('%s movies end, last and cost as at the provider', (_, movies) => {
  test.each(movies.map((movie) => [movie.name, movie] as const))('%s', async (_name, movie) => {
    expect(await played(movie)).toMatchObject(wanted(movie));
  });
});

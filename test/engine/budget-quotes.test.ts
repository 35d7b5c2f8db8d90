import { expect, test } from 'vitest';
import { DOCUMENTED } from '../../packages/json2video-local/test/unit/movies/documented-movies.js';
import { PRICED } from '../../packages/json2video-local/test/unit/movies/priced-movies.js';
import { PUBLISHED } from '../../packages/json2video-local/test/unit/movies/published-movies.js';
import { WITH_VARIABLES } from '../../packages/json2video-local/test/unit/movies/variable-movies.js';
import { quoteMovie } from '../../src/movie/quote.js';
import { BudgetStage, expectSettled } from '../support/budget-stage.js';
import { expectNoProcessLeft } from '../support/processes.js';
import { freshKey } from '../support/stage.js';
import { EXACT } from '../unit/quote/exact-movies.js';
import { ESTIMATES, UNKNOWN } from '../unit/quote/other-movies.js';

expectNoProcessLeft();

const budgets = BudgetStage.forFile({ provider: { renderSeconds: 1, credits: 1e9 } });

const cases = [...DOCUMENTED, ...WITH_VARIABLES, ...PUBLISHED, ...PRICED].filter(
  ({ fails, options }) => (fails ?? options) === undefined,
);
/** Movies of some length: the provider renders no others, and the end of a failed render takes a minute. */
const MOVIES = [...EXACT, ...ESTIMATES, ...UNKNOWN, ...cases].filter(
  ({ movie }) => quoteMovie(movie).credits > 0,
);

test(`${MOVIES.length} movies from one budget: exact quotes are exact to the credit, and in the end it has posted what the provider charged`, async () => {
  expect(MOVIES.length).toBeGreaterThanOrEqual(60);
  const budget = await budgets.make(1_000_000, { unknown: 60 });
  const played = await Promise.all(
    MOVIES.map(async ({ name, movie }) => {
      const key = freshKey('movie');
      await budgets.renders.render(key, movie, { budget, deadlineMs: 200_000 });
      const [paid] = await budgets.fake.movies(key);
      return { name, quote: quoteMovie(movie), charged: paid?.credits ?? 0 };
    }),
  );
  const wrong = played.filter(({ quote, charged }) => quote.bound === 'exact' && quote.credits !== charged);
  expect(wrong).toEqual([]);
  const exact = played.filter(({ quote }) => quote.bound === 'exact');
  expect(exact.length).toBeGreaterThanOrEqual(EXACT.length);
  const charged = played.reduce((sum, movie) => sum + movie.charged, 0);
  await expectSettled(budgets, budget, { posted: charged, reserved: 0, inDoubt: 0 });
}, 300_000);

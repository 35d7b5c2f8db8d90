import type { Bed } from '../bed.js';
import { closedLoop } from '../measure/closed-loop.js';
import { medianCost } from '../measure/history.js';
import { median, type Summary, rounded, summary } from '../measure/statistics.js';
import { MOVIE_SIZES, movieOf } from '../movies.js';
import { DEADLINE_MS, type Plan } from '../plan.js';

/** What a movie's size costs. */
export interface SizeCost {
  readonly perSecond: number;
  readonly submitOnceMs: Summary;
  /** A POST of the same movie without anything around it. */
  readonly barePostMs: Summary;
  /** Beside the movie. */
  readonly historyBytes: number;
}

/** Few callers: a movie of 1.4 MB is a lot for a provider on the same machine, too. */
const AT_ONCE = 5;

export async function measureMovieSizes(
  bed: Bed,
  plan: Plan,
  run: string,
): Promise<Record<string, SizeCost>> {
  const costs: Record<string, SizeCost> = {};
  for (const [name, sizeBytes] of Object.entries(MOVIE_SIZES)) {
    costs[name] = await measureSize(bed, plan, `${run}-${sizeBytes}`, movieOf(sizeBytes));
  }
  return costs;
}

async function measureSize(bed: Bed, plan: Plan, run: string, movie: object): Promise<SizeCost> {
  const keys = Array.from({ length: plan.moviesOfASize }, (_, index) => `${run}-${index}`);
  const load = { count: keys.length, atOnce: 1 };
  const posted = await closedLoop(load, () => bed.fake.post(movie));
  const submitted = await closedLoop(load, (index) =>
    bed.renders.submitOnce(`${run}-single-${index}`, movie, { deadlineMs: DEADLINE_MS }),
  );
  const rates: number[] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    const { perSecond } = await closedLoop({ count: keys.length, atOnce: AT_ONCE }, (index) =>
      bed.renders.render(`${run}-${round}-${index}`, movie, { deadlineMs: DEADLINE_MS }),
    );
    rates.push(perSecond);
  }
  const { historyBytes } = await medianCost(
    bed.engine.client,
    keys.map((_, index) => `${run}-0-${index}`),
  );
  return {
    perSecond: rounded(median(rates)),
    submitOnceMs: summary(submitted.latenciesMs),
    barePostMs: summary(posted.latenciesMs),
    historyBytes: historyBytes - Buffer.byteLength(JSON.stringify(movie)),
  };
}

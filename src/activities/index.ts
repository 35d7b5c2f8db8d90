import type { ActivityResults } from '../render/activity-results.js';
import { createAwaitReady } from './await-ready.js';
import { createCheckMovie, createConfirmMovie } from './check-movie.js';
import { createClaimMovie } from './claim-movie.js';
import type { ActivityDependencies } from './dependencies.js';
import { createFindMovie } from './find-movie.js';
import { ListLag } from './list-lag.js';
import { createSubmitMovie } from './submit-movie.js';

/** The activities of the workflow, by the names under which histories record them. */
export interface Activities {
  readonly submitMovie: ReturnType<typeof createSubmitMovie>;
  readonly findMovie: ReturnType<typeof createFindMovie>;
  readonly claimMovie: ReturnType<typeof createClaimMovie>;
  readonly checkMovie: ReturnType<typeof createCheckMovie>;
  readonly confirmMovie: ReturnType<typeof createConfirmMovie>;
  readonly awaitReady: ReturnType<typeof createAwaitReady>;
}

/** Creates all activities of the workflow. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  const lag = new ListLag(dependencies.monotonicNow, dependencies.onListLag);
  return {
    submitMovie: createSubmitMovie(dependencies, lag),
    findMovie: createFindMovie(dependencies, lag),
    claimMovie: createClaimMovie(dependencies),
    checkMovie: createCheckMovie(dependencies),
    confirmMovie: createConfirmMovie(dependencies),
    awaitReady: createAwaitReady(dependencies),
  } satisfies { [Name in keyof ActivityResults]: (request: never) => Promise<ActivityResults[Name]> };
}

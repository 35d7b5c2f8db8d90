import type { ActivityResults } from '../render/activity-results.js';
import { createCheckMovie, createConfirmMovie } from './check-movie.js';
import type { ActivityDependencies } from './dependencies.js';
import { createClaimMovie, createFindMovie } from './find-movie.js';
import { createSubmitMovie } from './submit-movie.js';

/** All activities of the workflow, with their dependencies given. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    submitMovie: createSubmitMovie(dependencies),
    findMovie: createFindMovie(dependencies),
    claimMovie: createClaimMovie(dependencies),
    checkMovie: createCheckMovie(dependencies),
    confirmMovie: createConfirmMovie(dependencies),
  } satisfies { [Name in keyof ActivityResults]: (request: never) => Promise<ActivityResults[Name]> };
}

export type Activities = ReturnType<typeof createActivities>;

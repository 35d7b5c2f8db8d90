import { createCheckMovie } from './check-movie.js';
import type { ActivityDependencies } from './dependencies.js';
import { createSubmitMovie } from './submit-movie.js';

/** All activities of the workflow, with their dependencies given. */
export function createActivities(dependencies: ActivityDependencies) {
  return {
    submitMovie: createSubmitMovie(dependencies),
    checkMovie: createCheckMovie(dependencies),
  };
}

export type Activities = ReturnType<typeof createActivities>;

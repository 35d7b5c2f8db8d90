import type { ActivityResults } from '../render/activity-results.js';
import { createAwaitLate } from './await-late.js';
import { createAskRuns } from './ask-runs.js';
import { createAwaitReady } from './await-ready.js';
import { createCheckMovie, createConfirmMovie } from './check-movie.js';
import { createClaimMovie } from './claim-movie.js';
import type { ActivityDependencies } from './dependencies.js';
import { createFindFollowed } from './find-followed.js';
import { createFindMovie } from './find-movie.js';
import { createKeepVideo } from './keep-video.js';
import { ListLag } from './list-lag.js';
import { createSendEvent } from './send-event.js';
import { createSubmitMovie } from './submit-movie.js';

/** The activities of the workflows, by the names under which histories record them. */
export interface Activities {
  readonly submitMovie: ReturnType<typeof createSubmitMovie>;
  readonly findMovie: ReturnType<typeof createFindMovie>;
  readonly claimMovie: ReturnType<typeof createClaimMovie>;
  readonly checkMovie: ReturnType<typeof createCheckMovie>;
  readonly confirmMovie: ReturnType<typeof createConfirmMovie>;
  readonly awaitReady: ReturnType<typeof createAwaitReady>;
  readonly findFollowed: ReturnType<typeof createFindFollowed>;
  readonly awaitLate: ReturnType<typeof createAwaitLate>;
  readonly keepVideo: ReturnType<typeof createKeepVideo>;
  readonly sendEvent: ReturnType<typeof createSendEvent>;
  readonly askRuns: ReturnType<typeof createAskRuns>;
}

/** Creates all activities of the workflows. */
export function createActivities(dependencies: ActivityDependencies): Activities {
  const lag = new ListLag(dependencies.monotonicNow, dependencies.onListLag);
  const ofRenders = {
    submitMovie: createSubmitMovie(dependencies, lag),
    findMovie: createFindMovie(dependencies, lag),
    claimMovie: createClaimMovie(dependencies),
    checkMovie: createCheckMovie(dependencies),
    confirmMovie: createConfirmMovie(dependencies),
    awaitReady: createAwaitReady(dependencies),
    findFollowed: createFindFollowed(),
    askRuns: createAskRuns(),
  } satisfies { [Name in keyof ActivityResults]: (request: never) => Promise<ActivityResults[Name]> };
  return {
    ...ofRenders,
    awaitLate: createAwaitLate(dependencies),
    keepVideo: createKeepVideo(dependencies),
    sendEvent: createSendEvent(dependencies),
  };
}

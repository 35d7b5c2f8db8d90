import type { CellKey } from '../aim.js';
import { eventsOf } from '../engine-view.js';
import { until } from '../../support/until.js';
import type { Point } from './point.js';

/** The engine has handed the first task to a worker that never gets it. */
const beforeFirstTask: Point = {
  arm: ({ worker }) => worker.engine.replies.hold(),
  reach: async (aim) => {
    const isHandedOut = async ({ key }: CellKey): Promise<boolean> =>
      (await eventsOf(aim.stage.client, key)).some((event) => event.workflowTaskStartedEventAttributes);
    // Not all: a worker whose replies are held asks for no further task. The others have none at all.
    return until('the first task is handed out', async () => {
      const answers = await Promise.all(aim.keys.map(isHandedOut));
      const there = aim.keys.filter((_, index) => answers[index]);
      return there.length > 0 && there;
    });
  },
};

export const START_POINTS = { 'before the first task': beforeFirstTask };

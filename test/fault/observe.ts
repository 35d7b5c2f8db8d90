import type { CellKey } from './aim.js';
import type { Answer } from './callers.js';
import type { Observed } from './check.js';
import { eventsOf } from './engine-view.js';
import type { FaultStage } from './fault-stage.js';

/** Reads what became of the keys: from the provider's ledger, and from the engine's histories. */
export async function observe(
  { ledger, client }: FaultStage,
  keys: readonly CellKey[],
  answers: readonly Answer[],
): Promise<readonly Observed[]> {
  const movies = await ledger.movies();
  return Promise.all(
    keys.map(async (key) => {
      const events = await eventsOf(client, key.key);
      return {
        key,
        accepted: movies.get(key.key) ?? [],
        answers: answers.filter((answer) => answer.key === key.key),
        wasUnknown: events.some(
          (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'findMovie',
        ),
      };
    }),
  );
}

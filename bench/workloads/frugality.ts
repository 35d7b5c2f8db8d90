import type { Bed } from '../bed.js';
import { medianCost, type RunCost } from '../measure/history.js';
import { CARD } from '../movies.js';
import type { Plan } from '../plan.js';

/** What one render costs the engine, history beside the movie. */
export interface Frugality {
  readonly webhook: RunCost;
  readonly polling: RunCost;
  readonly floor: RunCost;
}

/** Enough for a median of what hardly differs. */
const KEYS_READ = 50;

/**
 * Reads the costs of keys that other workloads have run. By webhook those whose webhook came after the submission had
 * ended, as it does where rendering takes time: a webhook within the submission saves a workflow task.
 */
export async function measureFrugality({ engine }: Bed, plan: Plan, run: string): Promise<Frugality> {
  const movieBytes = Buffer.byteLength(JSON.stringify(CARD));
  const cost = async (prefix: string, count: number, beside: number): Promise<RunCost> => {
    const keys = Array.from(
      { length: Math.min(KEYS_READ, count) },
      (_, index) => `${run}-${prefix}-${index}`,
    );
    const read = await medianCost(engine.client, keys);
    return { ...read, historyBytes: read.historyBytes - beside };
  };
  return {
    webhook: await cost('outcome', plan.samples, movieBytes),
    polling: await cost('polling-0', plan.polling.count, movieBytes),
    floor: await cost('floor-0', plan.floor.count, 0),
  };
}

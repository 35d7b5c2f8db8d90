import { Context } from '@temporalio/activity';
import type { ActivityResults } from '../render/activity-results.js';
import { type ReservedRun, readSpending } from '../temporal/run-spending.js';

interface AskRunsRequest {
  readonly runs: readonly ReservedRun[];
}

/** Creates the activity that returns what runs have spent that closed without a settlement; open ones are left out. */
export function createAskRuns() {
  return async function askRuns({ runs }: AskRunsRequest): Promise<ActivityResults['askRuns']> {
    const { client } = Context.current();
    const settled = [];
    for (const { run, runId, key } of runs) {
      const spent = await readSpending(client, { run, runId, key });
      if (spent !== undefined) settled.push({ run, runId, ...spent });
    }
    return settled;
  };
}

import type { Client } from '@temporalio/client';
import type { AcceptedRun } from '../temporal/render-index.js';
import { askEngine } from '../temporal/ask-engine.js';
import { readHistory } from './history.js';
import { RESULT_PARSERS } from './recorded-results.js';

/** Returns the time at which a submission of the run returned its project; undefined if the project came by another way. */
export async function readAcceptance(
  client: Client,
  { key, project }: Pick<AcceptedRun, 'key' | 'project'>,
): Promise<number | undefined> {
  const recorded = await askEngine(client, key, () => readHistory(client, key));
  for (const each of recorded) {
    const result = each.what === 'activity ended' ? RESULT_PARSERS.submitMovie(each.result) : undefined;
    if (result?.submission.end !== 'accepted' || result.submission.project !== project) continue;
    return each.atMs;
  }
  return undefined;
}

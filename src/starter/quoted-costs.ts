import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import { quoteMovie } from '../movie/quote.js';
import { KeyNotFound } from '../render/errors.js';
import { askEngine } from '../temporal/ask-engine.js';
import { readStartedRun } from '../temporal/started-run.js';
import type { EndedRun } from './ended-runs.js';

/** The quote of a render beside its cost, in credits. */
export interface QuotedCost {
  readonly key: string;
  readonly quoted: number;
  readonly actual: number;
}

/** Histories that are read at the same time. */
const AT_ONCE = 8;

/**
 * Compares quotes with costs; each run is read from its history. Leaves out movies whose
 * price nobody knew before, and runs whose history the engine has forgotten.
 */
export async function readQuotedCosts(
  client: Client,
  runs: readonly EndedRun[],
): Promise<readonly QuotedCost[]> {
  const compared = await pMap(
    runs,
    async ({ key, runId, credits: actual }) => {
      try {
        const { movie } = await askEngine(client, key, () =>
          readStartedRun(client, { workflowId: key, runId }),
        );
        if (movie === undefined) return [];
        const { credits, bound } = quoteMovie(movie);
        return bound === 'unknown' ? [] : [{ key, quoted: credits, actual }];
      } catch (error) {
        // The engine forgets a history some time before its entry in the index.
        if (error instanceof KeyNotFound) return [];
        throw error;
      }
    },
    { concurrency: AT_ONCE },
  );
  return compared.flat();
}

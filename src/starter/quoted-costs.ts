import type { Client } from '@temporalio/client';
import pMap from 'p-map';
import { quoteMovie } from '../movie/quote.js';
import { askEngine } from '../temporal/ask-engine.js';
import { readStartedRun } from '../temporal/started-run.js';
import { ATTRIBUTES } from '../workflows/messages.js';
import { endedRuns } from './statement.js';

/** The quote of a render beside its cost, in credits. */
export interface QuotedCost {
  readonly key: string;
  readonly quoted: number;
  readonly actual: number;
}

interface QuotedCostTerms {
  /** Renders that ended at this time or later. */
  readonly since: Date;
  /** Only keys that begin with this text. */
  readonly keyPrefix?: string | undefined;
  /** At most so many, the last ended first; each is read from its history. */
  readonly limit: number;
}

/** Histories that are read at the same time. */
const AT_ONCE = 8;

/** Compares quotes with costs. Leaves out movies whose price nobody knew before. */
export async function readQuotedCosts(
  client: Client,
  terms: QuotedCostTerms,
): Promise<readonly QuotedCost[]> {
  const { since, keyPrefix, limit } = terms;
  const runs: { readonly key: string; readonly runId: string; readonly actual: number }[] = [];
  for await (const { workflowId: key, runId, typedSearchAttributes } of endedRuns(client, since, keyPrefix)) {
    const actual = typedSearchAttributes.get(ATTRIBUTES.credits);
    if (actual === undefined || (keyPrefix !== undefined && !key.startsWith(keyPrefix))) continue;
    runs.push({ key, runId, actual });
    if (runs.length === limit) break;
  }
  const compared = await pMap(
    runs,
    async ({ key, runId, actual }) => {
      const { movie } = await askEngine(client, key, () =>
        readStartedRun(client, { workflowId: key, runId }),
      );
      const { credits, bound } = quoteMovie(movie);
      return bound === 'unknown' ? [] : [{ key, quoted: credits, actual }];
    },
    { concurrency: AT_ONCE },
  );
  return compared.flat();
}

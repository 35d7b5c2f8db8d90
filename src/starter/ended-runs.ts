import { type Client, defaultPayloadConverter } from '@temporalio/client';
import { askEngine, callEngine } from '../temporal/ask-engine.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { decodePayload } from '../temporal/decode.js';
import { translateEngineError } from '../temporal/engine-errors.js';
import { quoted, searchable } from '../temporal/render-index.js';
import { millis } from './history.js';
import { ATTRIBUTES, WORKFLOWS } from '../workflows/messages.js';

/** An ended run that has cost something, as the engine's index has it. */
export interface EndedRun {
  readonly key: string;
  readonly runId: string;
  readonly closedAtMs: number;
  readonly credits: number;
  /** Empty without a budget. */
  readonly budget: string;
  /** Empty without a template. */
  readonly template: string;
}

/** Conditions on ended runs. */
export interface EndedTerms {
  /** Runs that ended at this time or later. */
  readonly since: Date;
  /** Runs that ended before this time. */
  readonly before?: Date | undefined;
  /** Only keys that begin with this text. */
  readonly keyPrefix?: string | undefined;
}

/** Most runs that the engine gives in one page. */
const PAGE = 1_000;

/**
 * Reads the ended runs that have cost something, the last ended first. Decodes only what a run has spent: the client's own
 * list decodes everything, which takes several times as long for ten thousand runs.
 */
export async function readEndedRuns(client: Client, terms: EndedTerms): Promise<readonly EndedRun[]> {
  const query = queryOf(terms);
  const { keyPrefix } = terms;
  const { namespace } = client.options;
  const runs: EndedRun[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  try {
    do {
      const request = { namespace, query, pageSize: PAGE, nextPageToken };
      const page = await callEngine(client, undefined, Date.now() + ENGINE_CALL_MS, () =>
        client.workflowService.listWorkflowExecutions(request),
      );
      for (const info of page.executions) {
        const run = await endedRun(client, info);
        if (run !== undefined && (keyPrefix === undefined || run.key.startsWith(keyPrefix))) runs.push(run);
      }
      ({ nextPageToken } = page);
    } while (nextPageToken.length > 0);
    return runs;
  } catch (error) {
    throw translateEngineError(error);
  }
}

/** Counts what `readEndedRuns` reads, in a fraction of its time. */
export async function countEndedRuns(client: Client, terms: EndedTerms): Promise<number> {
  return askEngine(client, undefined, async () => (await client.workflow.count(queryOf(terms))).count);
}

function queryOf({ since, before, keyPrefix }: EndedTerms): string {
  const conditions = [
    `WorkflowType="${WORKFLOWS.render}"`,
    'RenderCredits IS NOT NULL',
    `CloseTime>="${since.toISOString()}"`,
  ];
  if (before !== undefined) conditions.push(`CloseTime<"${before.toISOString()}"`);
  if (keyPrefix !== undefined) conditions.push(`WorkflowId STARTS_WITH ${quoted(searchable(keyPrefix))}`);
  return conditions.join(' AND ');
}

type Page = Awaited<ReturnType<Client['workflowService']['listWorkflowExecutions']>>;
type Info = Page['executions'][number];

async function endedRun(
  client: Client,
  { execution, closeTime, searchAttributes, memo }: Info,
): Promise<EndedRun | undefined> {
  const shown = searchAttributes?.indexedFields ?? {};
  const valueOf = (name: string): unknown => {
    const payload = shown[name];
    return payload && defaultPayloadConverter.fromPayload(payload);
  };
  const credits = valueOf(ATTRIBUTES.credits.name);
  if (typeof credits !== 'number') return undefined;
  const budget = valueOf(ATTRIBUTES.budget.name);
  const named = memo?.fields?.['template'];
  const template = named && (await decodePayload(client, [named]));
  return {
    key: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    closedAtMs: millis(closeTime),
    credits,
    budget: typeof budget === 'string' ? budget : '',
    template: typeof template === 'string' ? template : '',
  };
}

import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { OptionsInvalid } from '../render/errors.js';
import { callEngine } from '../temporal/ask-engine.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { translateEngineError } from '../temporal/engine-errors.js';
import { quoted, searchable } from '../temporal/render-index.js';
import { ATTRIBUTES, WORKFLOWS } from '../workflows/messages.js';

/** Ways to group the credits of a statement. */
export const STATEMENT_GROUPS = ['day', 'budget', 'template'] as const;
export type StatementGroup = (typeof STATEMENT_GROUPS)[number];

/** One group of a statement; the name of renders without a budget or template is empty. */
interface StatementRow {
  readonly name: string;
  readonly credits: number;
  readonly renders: number;
}

/** Credits that ended renders have cost, as the engine recorded it at their end. Times are ISO 8601 UTC. */
export interface Statement {
  readonly since: string;
  readonly until: string;
  readonly by: StatementGroup;
  readonly credits: number;
  readonly renders: number;
  /** By name; the days in their order. */
  readonly rows: readonly StatementRow[];
}

interface StatementTerms {
  /** Renders that ended at this time or later. */
  readonly since: Date;
  readonly by: StatementGroup;
  /** Only keys that begin with this text. */
  readonly keyPrefix?: string | undefined;
  readonly now: Date;
}

/**
 * Sums the credits of ended renders from the engine's index, which remembers them as long as their keys.
 *
 * @throws OptionsInvalid, EngineUnavailable, EngineNotSetUp
 */
export async function readStatement(client: Client, terms: StatementTerms): Promise<Statement> {
  const { since, by, keyPrefix, now } = terms;
  if (Number.isNaN(since.getTime())) throw new OptionsInvalid('since is no time');
  const groups = new Map<string, { credits: number; renders: number }>();
  for await (const run of endedRuns(client, since, keyPrefix)) {
    const credits = run.typedSearchAttributes.get(ATTRIBUTES.credits);
    if (credits === undefined || (keyPrefix !== undefined && !run.workflowId.startsWith(keyPrefix))) continue;
    const name = groupOf(run, by);
    const group = groups.get(name) ?? { credits: 0, renders: 0 };
    groups.set(name, { credits: group.credits + credits, renders: group.renders + 1 });
  }
  const rows = [...groups].map(([name, sums]) => ({ name, ...sums }));
  rows.sort((one, other) =>
    by === 'day' ? one.name.localeCompare(other.name) : other.credits - one.credits,
  );
  return {
    since: since.toISOString(),
    until: now.toISOString(),
    by,
    credits: rows.reduce((sum, row) => sum + row.credits, 0),
    renders: rows.reduce((sum, row) => sum + row.renders, 0),
    rows,
  };
}

function groupOf({ typedSearchAttributes, closeTime, memo }: Run, by: StatementGroup): string {
  if (by === 'day') return closeTime?.toISOString().slice(0, 10) ?? '';
  if (by === 'budget') return typedSearchAttributes.get(ATTRIBUTES.budget) ?? '';
  const template = memo?.['template'];
  return typeof template === 'string' ? template : '';
}

type Run = Omit<WorkflowExecutionInfo, 'raw'>;

/**
 * Reads the ended runs that have cost something, the last ended first. Reads each page under a deadline, since Temporal's
 * client would wait for it without end.
 */
export async function* endedRuns(
  client: Client,
  since: Date,
  keyPrefix: string | undefined,
): AsyncGenerator<Run> {
  const prefix =
    keyPrefix === undefined ? '' : ` AND WorkflowId STARTS_WITH ${quoted(searchable(keyPrefix))}`;
  const query = `WorkflowType="${WORKFLOWS.render}" AND RenderCredits IS NOT NULL AND CloseTime>="${since.toISOString()}"${prefix}`;
  const runs = client.workflow.list({ query })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await callEngine(client, undefined, Date.now() + ENGINE_CALL_MS, () => runs.next());
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    throw translateEngineError(error);
  }
}

import type { Client } from '@temporalio/client';
import { OptionsInvalid } from '../render/errors.js';
import { type EndedRun, type EndedTerms, readEndedRuns } from './ended-runs.js';

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
  readonly now: Date;
}

/**
 * Sums the credits of ended renders from the engine's index, which remembers them as long as their keys.
 *
 * @throws OptionsInvalid, EngineUnavailable, EngineNotSetUp
 */
export async function readStatement(client: Client, terms: StatementTerms & EndedTerms): Promise<Statement> {
  if (Number.isNaN(terms.since.getTime())) throw new OptionsInvalid('since is no time');
  return statementOf(await readEndedRuns(client, terms), terms);
}

/** Sums the credits of runs. */
export function statementOf(runs: readonly EndedRun[], { since, by, now }: StatementTerms): Statement {
  const groups = new Map<string, { credits: number; renders: number }>();
  for (const run of runs) {
    const name = by === 'day' ? new Date(run.closedAtMs).toISOString().slice(0, 10) : run[by];
    const group = groups.get(name) ?? { credits: 0, renders: 0 };
    groups.set(name, { credits: group.credits + run.credits, renders: group.renders + 1 });
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

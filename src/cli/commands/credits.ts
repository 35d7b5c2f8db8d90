import { type Command, InvalidArgumentError, Option } from 'commander';
import { type CommonOptions, newCommand, run } from '../command.js';
import { withClient } from '../connect.js';
import { tableLines } from '../print/table.js';
import {
  readStatement,
  type Statement,
  STATEMENT_GROUPS,
  type StatementGroup,
} from '../../starter/statement.js';
import { shorten } from '../../text/text.js';

interface CreditsOptions extends CommonOptions {
  readonly since?: Date;
  readonly by: StatementGroup;
}

/** Creates `renderonce credits`, which says what ended renders have cost. */
export function creditsCommand(): Command {
  return newCommand('credits', [
    'credits',
    'credits --since 2026-11-01 --by budget',
    'credits --since 2026-11-01T00:00:00Z --by template --json',
  ])
    .option('--since <time>', 'renders that ended at this ISO time or later (default: this month, UTC)', time)
    .addOption(new Option('--by <group>', 'how to group them').choices([...STATEMENT_GROUPS]).default('day'))
    .action((options: CreditsOptions) =>
      run(options, (output) =>
        withClient(async (client) => {
          const now = new Date();
          const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth()));
          const statement = await readStatement(client, { since: month, ...options, now });
          output.result(statement, statementLines(statement));
        }),
      ),
    );
}

function time(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new InvalidArgumentError('It must be a time, ISO 8601, e.g. 2026-11-01T00:00:00Z.');
  return at;
}

/** Characters of the longest bar. */
const BAR_CHARACTERS = 40;

/** Returns a statement as a bar chart, with the sum below it. */
function statementLines({ since, until, by, credits, renders, rows }: Statement): string[] {
  const period = `from ${since} to ${until}`;
  if (rows.length === 0) return [`no credits were spent ${period}`];
  const most = Math.max(...rows.map((row) => row.credits));
  const cells = rows.map((row) => [
    shorten(row.name === '' ? `no ${by}` : row.name, 60),
    barOf(row.credits, most),
    String(row.credits),
    String(row.renders),
  ]);
  const sum = `${credits} credits for ${renders} render${renders === 1 ? '' : 's'} ${period}`;
  return [...tableLines([by, '', 'credits', 'renders'], cells, 2), sum];
}

function barOf(credits: number, most: number): string {
  return credits === 0 ? '' : '█'.repeat(Math.max(1, Math.round((credits / most) * BAR_CHARACTERS)));
}

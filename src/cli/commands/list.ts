import { type Command, InvalidArgumentError, Option } from 'commander';
import { RENDER_STATES, type RenderState } from '../../render/state.js';
import type { ListedRender } from '../../starter/list.js';
import { isoOf } from '../../text/time.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { withRenders } from '../connect.js';
import { tableLines } from '../print/table.js';

const COLUMNS = [
  'key',
  'state',
  'project',
  'startedAt',
  'closedAt',
] as const satisfies (keyof ListedRender)[];

type Column = (typeof COLUMNS)[number];

interface ListOptions extends CommonOptions {
  readonly state?: RenderState;
  readonly since?: string;
  readonly until?: string;
  readonly project?: string;
  readonly keyPrefix?: string;
  readonly query?: string;
  readonly columns: readonly Column[];
  readonly limit: number;
}

/** Creates `renderonce list`, which lists the renders that the engine remembers. */
export function listCommand(): Command {
  return newCommand('list', [
    'list',
    'list --state held',
    'list --key-prefix order-12345- --columns key,project',
    'list --state failed --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --json',
  ])
    .addOption(new Option('--state <state>', 'only renders in this state').choices([...RENDER_STATES]))
    .option('--since <time>', 'only renders started at this ISO time or later')
    .option('--until <time>', 'only renders started before this ISO time')
    .option('--project <id>', 'only the render of this project of the provider')
    .option('--key-prefix <text>', 'only keys that begin with this text')
    .option(
      '--query <query>',
      "only renders that match this query of the engine's, e.g. 'CloseTime>\"2026-11-01\"'",
    )
    .option('--columns <names>', `some of ${COLUMNS.join(',')}; --json prints all`, columnsOption, [
      'startedAt',
      'state',
      'project',
      'key',
    ])
    .option('--limit <count>', 'print at most so many renders', numberOption(1, 100_000), 100)
    .action(({ columns, limit, project, ...options }: ListOptions) =>
      run(options, (output) =>
        withRenders(async (renders) => {
          const filter = { ...options, projects: project === undefined ? undefined : [project] };
          const found: ListedRender[] = [];
          for await (const render of renders.list(filter)) {
            found.push(render);
            if (found.length === limit) break;
          }
          const rows = found.map((render) => columns.map((column) => cellOf(render, column)));
          output.result({ renders: found }, rows.length === 0 ? ['no renders'] : tableLines(columns, rows));
        }),
      ),
    );
}

function columnsOption(text: string): Column[] {
  return text.split(',').map((name) => {
    const column = COLUMNS.find((each) => each === name.trim());
    if (column === undefined) throw new InvalidArgumentError(`Columns are ${COLUMNS.join(', ')}.`);
    return column;
  });
}

function cellOf(render: ListedRender, column: Column): string {
  const value = render[column] ?? '-';
  return column === 'startedAt' || column === 'closedAt' ? timeCell(value) : value;
}

/** Returns a time in whole seconds, for a person. */
function timeCell(value: string): string {
  return value === '-' ? value : isoOf(Date.parse(value));
}

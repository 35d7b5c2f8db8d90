import type { Client } from '@temporalio/client';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RENDER_STATES, type RenderState } from '../../render/state.js';
import type { Renders } from '../../starter.js';
import { countRenders, type ListedRender } from '../../starter/list.js';
import { isoOf } from '../../text/time.js';
import { type CommonOptions, newCommand, numberOption, run, timeFrom } from '../command.js';
import { withRenders } from '../connect.js';
import type { Output } from '../print/output.js';
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
  readonly since?: Date;
  readonly until?: Date;
  readonly project?: string;
  readonly keyPrefix?: string;
  readonly query?: string;
  readonly kept?: 'kept' | 'lost';
  readonly columns: readonly Column[];
  readonly limit: number;
  readonly all?: boolean;
}

const LIMITS = { min: 1, max: 100_000, whole: true };

/** Most renders of `--all`: about 300 MB of memory. */
const ALL = 1_000_000;

/** Creates `renderonce list`, which lists the renders that the engine remembers. */
export function listCommand(): Command {
  return newCommand('list', [
    'list',
    'list --state held',
    'list --kept lost',
    'list --limit 1000',
    'list --key-prefix order-12345- --columns key,project',
    'list --state failed --since 2026-11-01T00:00:00Z --until 2026-12-01T00:00:00Z --json',
  ])
    .addOption(new Option('--state <state>', 'only renders in this state').choices([...RENDER_STATES]))
    .option('--since <time>', 'only renders started at this ISO time or later', timeFrom)
    .option('--until <time>', 'only renders started before this ISO time', timeFrom)
    .option('--project <id>', 'only the render of this project of the provider')
    .option('--key-prefix <text>', 'only keys that begin with this text')
    .option(
      '--query <query>',
      "only renders that match this query of the engine's, e.g. 'CloseTime>\"2026-11-01\"'",
    )
    .addOption(
      new Option('--kept <what>', 'only renders whose video was kept, or lost before it was').choices([
        'kept',
        'lost',
      ]),
    )
    .option('--columns <names>', `some of ${COLUMNS.join(',')}; --json prints all`, columnsOption, [
      'startedAt',
      'state',
      'project',
      'key',
    ])
    .addOption(numberOption('--limit <count>', 'print at most so many renders', LIMITS).default(100))
    .option('--all', 'print all renders')
    .action((options: ListOptions) =>
      run(options, (output) => withRenders((renders, client) => list(renders, client, options, output))),
    );
}

async function list(
  renders: Renders,
  client: Client,
  { columns, project, all, ...options }: ListOptions,
  output: Output,
): Promise<void> {
  const limit = all === true ? ALL : options.limit;
  const filter = { ...options, projects: project === undefined ? undefined : [project] };
  const found = await newestOf(renders.list(filter), limit);
  const isCut = found.length === limit;
  const total = isCut ? await countRenders(client, filter) : found.length;
  const rows = found.map((render) => columns.map((column) => cellOf(render, column)));
  output.result(
    { renders: found, ...(total === undefined ? {} : { total: Math.max(total, found.length) }) },
    rows.length === 0 ? ['no renders'] : tableLines(columns, rows),
  );
  const rest = total === undefined ? ', there may be more' : ` of ${total.toLocaleString('en')}`;
  if (isCut && (total === undefined || total > limit)) {
    output.note(`first ${limit.toLocaleString('en')}${rest}; --limit N or --all prints more`);
  }
}

/**
 * Returns the renders that started last, the newest first. The engine lists open renders first, and then closed ones by
 * their end. A render ends after its start, so the rest of a list whose ends come in order may be left unread.
 */
export async function newestOf(
  listed: AsyncIterable<ListedRender>,
  limit: number,
): Promise<readonly ListedRender[]> {
  let kept: ListedRender[] = [];
  let oldest = '';
  let closedBefore = '\uffff';
  let isInOrder = true;
  for await (const render of listed) {
    const { closedAt } = render;
    if (closedAt !== undefined) {
      isInOrder &&= closedAt <= closedBefore;
      closedBefore = closedAt;
      if (isInOrder && closedAt < oldest) break;
    }
    kept.push(render);
    if (kept.length < limit * 2) continue;
    kept = newestFirst(kept).slice(0, limit);
    oldest = kept.at(-1)?.startedAt ?? '';
  }
  return newestFirst(kept).slice(0, limit);
}

function newestFirst(renders: readonly ListedRender[]): ListedRender[] {
  return renders.toSorted((one, other) => (one.startedAt < other.startedAt ? 1 : -1));
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

import type { Client } from '@temporalio/client';
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { OptionsInvalid } from '../../render/errors.js';
import { replayEvents, replaySent } from '../../starter/events.js';
import { type EventFilter, type ListedEvent, listEvents } from '../../starter/list-events.js';
import { isoOf } from '../../text/time.js';
import { type CommonOptions, newCommand, numberOption, run } from '../command.js';
import { withClient } from '../connect.js';
import type { Output } from '../print/output.js';
import { tableLines } from '../print/table.js';

interface EventsOptions extends CommonOptions, EventFilter {
  readonly limit?: number;
}

/** A list has so many deliveries by default. */
const LISTED = 1_000;

const COLUMNS = ['startedAt', 'state', 'type', 'key'] as const;

/** Creates `renderonce events`, which lists the deliveries of events and sends events again. */
export function eventsCommand(): Command {
  return newCommand('events', [
    'events list --undelivered',
    'events list --since 2026-11-29T00:00:00Z --json',
    'events replay order-12345-thumbnail',
    'events replay --since 2026-11-29T00:00:00Z --until 2026-11-29T06:00:00Z --undelivered',
  ])
    .addArgument(
      new Argument('<action>', 'list prints deliveries; replay sends events again, with the same ID').choices(
        ['list', 'replay'],
      ),
    )
    .argument('[key]', 'the business key whose events are sent again')
    .option('--undelivered', 'only events that a destination did not take')
    .option('--since <time>', 'only events that were first sent at this ISO time or later', timeOption)
    .option('--until <time>', 'only events that were first sent before this ISO time', timeOption)
    .addOption(
      numberOption(
        '--limit <count>',
        `at most so many deliveries; by default list has ${LISTED}, and replay has no limit`,
        { min: 1, max: 100_000, whole: true },
      ),
    )
    .action((action: 'list' | 'replay', key: string | undefined, options: EventsOptions) =>
      run(options, (output) => {
        if (action === 'list' && key !== undefined) throw new OptionsInvalid('events list takes no key');
        if (action === 'replay' && (key === undefined) === (options.since === undefined))
          throw new OptionsInvalid('events replay takes a key, or --since');
        return withClient((client) =>
          action === 'list' ? list(client, options, output) : replay(client, key, options, output),
        );
      }),
    );
}

async function list(client: Client, options: EventsOptions, output: Output): Promise<void> {
  const { limit = LISTED } = options;
  const found = await firstOf(client, options, limit + 1);
  const events = found.slice(0, limit);
  if (found.length > limit)
    output.note(`there are more deliveries; this list has the newest ${limit} (--limit)`);
  const rows = events.map(({ startedAt, state, type, key: of }) => [
    isoOf(Date.parse(startedAt)),
    state,
    type,
    of,
  ]);
  output.result({ events }, rows.length === 0 ? ['no events'] : tableLines(COLUMNS, rows));
}

async function firstOf(
  client: Client,
  { undelivered, since, until }: EventFilter,
  limit: number,
): Promise<readonly ListedEvent[]> {
  const found: ListedEvent[] = [];
  for await (const event of listEvents(client, { undelivered, since, until })) {
    found.push(event);
    if (found.length === limit) break;
  }
  return found;
}

async function replay(
  client: Client,
  key: string | undefined,
  options: EventsOptions,
  output: Output,
): Promise<void> {
  const replayed = [];
  if (key === undefined) {
    const before = await firstOf(client, options, options.limit ?? Infinity);
    const workflows = new Set(
      before.map(({ workflowId }) => workflowId).filter((id) => !id.startsWith(REPLAY)),
    );
    for (const workflowId of workflows) replayed.push(...(await replaySent(client, workflowId)));
  } else replayed.push(...(await replayEvents(client, key)));
  const lines = replayed.map(({ id, type, to }) => `${type} is sent again to ${to} as ${id}`);
  output.result({ replayed }, lines.length === 0 ? ['no events'] : lines);
}

/** A replay sends what another workflow has sent. */
const REPLAY = 'renderonce.replay:';

function timeOption(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('It must be an ISO 8601 time.');
  return time;
}

import { z } from 'zod';
import { OptionsInvalid } from '../../render/errors.js';
import { RENDER_STATES } from '../../render/state.js';
import type { Client } from '@temporalio/client';
import { type ListFilter, listPage } from '../../starter/list.js';
import { type Api, type ApiDependencies, callerOf, problems, waitSignal } from '../api.js';
import { type Caller, escaped, shownKeyOf } from '../caller.js';
import { renderSchema } from '../schemas.js';

/** A page of a list. */
const pageSchema = z
  .object({
    renders: z.array(
      renderSchema.pick({ key: true, state: true, project: true, startedAt: true, closedAt: true }),
    ),
    next: z.string().optional().describe('Cursor of the next page; absent on the last one'),
  })
  .meta({ id: 'Page' });

const DEFAULT_LIMIT = 50;
const MOST_LIMIT = 200;
const CURSOR_CHARACTERS = 2_000;

const timeText = z.iso.datetime({ offset: true }).optional();
const querystring = z.strictObject({
  state: z.enum(RENDER_STATES).optional(),
  since: timeText.describe('Only renders that started at this time or later'),
  until: timeText.describe('Only renders that started before this time'),
  prefix: z.string().max(200).optional().describe('Only keys that begin with this text'),
  limit: z.coerce.number().int().min(1).max(MOST_LIMIT).default(DEFAULT_LIMIT),
  cursor: z
    .string()
    .regex(/^[A-Za-z0-9_-]*$/)
    .max(CURSOR_CHARACTERS)
    .optional()
    .describe('next of the page before, with the same other parameters'),
});

const ORDER =
  'Each page has its newest render first. From page to page the order is that of the engine: renders that are not closed, then the closed ones, the last closed first. So a render that closes between two pages may be missed or come twice. since and until limit the list to a time. A page may hold fewer renders than limit, and another page may still follow: next says so.';

const LIST = {
  config: { scope: 'read' },
  schema: {
    operationId: 'listRenders',
    summary: 'List renders, the newest first',
    description: ORDER,
    querystring,
    response: { 200: pageSchema, ...problems() },
  },
} as const;

/** Adds the route that lists renders. */
export function addListRoute(api: Api, { client, stopping }: ApiDependencies): void {
  api.get('/v1/renders', LIST, async (request, reply) => {
    const signal = waitSignal(reply.raw, stopping);
    return reply.send(await pageOf(client, callerOf(request), { ...request.query, signal }));
  });
}

interface PageQuery extends Pick<ListFilter, 'state' | 'since' | 'until' | 'projects' | 'signal'> {
  readonly prefix?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/**
 * Reads a page of the renders that a caller may see, the newest first, by the caller's keys.
 *
 * @throws OptionsInvalid if the cursor is not one of this list; EngineUnavailable
 */
export async function pageOf(client: Client, caller: Caller, query: PageQuery) {
  const { limit, cursor, prefix = '', ...filter } = query;
  const start = enginePrefixOf(caller, prefix);
  const keyPrefix = start === '' ? undefined : start;
  const page = await listPage(client, { ...filter, keyPrefix }, { limit, cursor });
  if (page === undefined) throw new OptionsInvalid('cursor is not one of this list');
  const renders = page.renders.flatMap((render) => {
    const key = shownKeyOf(caller, render.key);
    return key === undefined ? [] : [{ ...render, key }];
  });
  renders.sort((one, other) => other.startedAt.localeCompare(one.startedAt));
  return { renders, ...(page.next === undefined ? {} : { next: page.next }) };
}

/** Returns the begin of the engine's keys of a caller's prefix. */
function enginePrefixOf({ tenant }: Caller, prefix: string): string {
  return tenant === undefined ? prefix : `${tenant}:${escaped(prefix)}`;
}

import { createHash } from 'node:crypto';
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { OptionsInvalid } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { isRenderState, RENDER_STATES, type RenderState } from '../render/state.js';
import { shorten } from '../text/text.js';
import { quoted, searchable } from '../temporal/render-index.js';
import { WORKFLOWS } from '../workflows/messages.js';
import { abortable, askEngine, callEngine, type CallOptions } from '../temporal/ask-engine.js';
import { keyCondition, keysOf, pageByPage } from './kept-keys.js';
import { shownRun } from '../temporal/current-run.js';
import { deepestMessage, GRPC, grpcCode, translateEngineError } from '../temporal/engine-errors.js';

/** Conditions on the renders of a list. `signal` ends the listing; `deadlineMs` is for each page of the engine's index. */
export interface ListFilter extends CallOptions {
  readonly state?: RenderState | undefined;
  /** Only renders started at this time or later. */
  readonly since?: Date | string | undefined;
  /** Only renders with one of these projects. */
  readonly projects?: readonly string[] | undefined;
  /** Only renders started before this time. */
  readonly until?: Date | string | undefined;
  readonly keyPrefix?: string | undefined;
  /** Only renders whose video was kept, or was lost before it could be. */
  readonly kept?: 'kept' | 'lost' | undefined;
  /** A condition in the engine's query language, e.g. `CloseTime>"2026-11-01"`; it cannot reach beyond renders. */
  readonly query?: string | undefined;
}

/** One render of a list. Times are ISO 8601 UTC. */
export interface ListedRender {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  readonly startedAt: string;
  readonly closedAt?: string;
}

/** Reads the engine's index page by page: open renders first, then closed ones, the last closed first. */
export async function* listRenders(client: Client, filter: ListFilter): AsyncGenerator<ListedRender> {
  const { kept, ...rest } = filter;
  if (kept === undefined) return yield* listMatching(client, rest);
  for await (const keys of keysOf(client, kept, filter)) {
    const query = [filter.query, `(${keys.map(keyCondition).join(' OR ')})`].filter(
      (part) => part !== undefined,
    );
    for await (const render of listMatching(client, { ...rest, query: query.join(') AND (') })) {
      if (keys.includes(render.key) && WITH_VIDEO.includes(render.state)) yield render;
    }
  }
}

/** States of renders whose video may be kept. */
const WITH_VIDEO: readonly RenderState[] = ['done', 'timed-out'];

async function* listMatching(client: Client, filter: Omit<ListFilter, 'kept'>): AsyncGenerator<ListedRender> {
  const query = queryOf(filter);
  try {
    for await (const run of pageByPage(client, client.workflow.list({ query }), filter)) {
      if (isAmong(run, filter)) yield listed(run);
    }
  } catch (error) {
    if (filter.query !== undefined && grpcCode(error) === GRPC.invalidArgument) {
      throw new OptionsInvalid(`the engine refuses the query: ${shorten(deepestMessage(error))}`);
    }
    throw translateEngineError(error);
  }
}

/** Counts the renders of a list; undefined if only reading the list can tell. */
export async function countRenders(client: Client, filter: ListFilter): Promise<number | undefined> {
  const { keyPrefix = '' } = filter;
  if (filter.kept !== undefined) return undefined;
  if (searchable(keyPrefix) !== keyPrefix) return undefined;
  const query = queryOf(filter);
  return askEngine(client, undefined, async () => (await client.workflow.count(query)).count);
}

/** A page of a list. */
interface ListPage {
  /** May be fewer than the limit, also before the last page. */
  readonly renders: readonly ListedRender[];
  /** Cursor of the next page; absent on the last one. */
  readonly next?: string;
}

/** Reads one page of the engine's index. Returns nothing if the cursor is not one of a list with these conditions. */
export async function listPage(
  client: Client,
  { signal, deadlineMs = ENGINE_CALL_MS, ...filter }: ListFilter,
  { limit, cursor = '' }: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<ListPage | undefined> {
  const { namespace, loadedDataConverter } = client.options;
  const query = queryOf(filter);
  const token = cursor.slice(CHECK_CHARACTERS);
  if (cursor !== '' && cursor !== cursorOf(query, token)) return undefined;
  const request = { namespace, query, pageSize: limit, nextPageToken: Buffer.from(token, 'base64url') };
  try {
    const { executions, nextPageToken } = await abortable(client, { signal }, () =>
      callEngine(client, undefined, Date.now() + deadlineMs, () =>
        client.workflowService.listWorkflowExecutions(request),
      ),
    );
    const runs = await Promise.all(
      executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
    );
    const renders = runs.filter((run) => isAmong(run, filter)).map(listed);
    const next = Buffer.from(nextPageToken).toString('base64url');
    return { renders, ...(next === '' ? {} : { next: cursorOf(query, next) }) };
  } catch (error) {
    throw translateEngineError(error);
  }
}

/** Characters of a cursor before the engine's own token. */
const CHECK_CHARACTERS = 12;

/** A check stands before the engine's token: the engine's client repeats a call whose token cannot be read for 10 s. */
function cursorOf(query: string, token: string): string {
  const check = createHash('sha256').update(`${query}\n${token}`).digest('base64url');
  return `${check.slice(0, CHECK_CHARACTERS)}${token}`;
}

/** A query with brackets of its own would reach other workflows of the namespace. */
function isAmong({ type, workflowId }: Listable, { keyPrefix = '' }: ListFilter): boolean {
  return type === WORKFLOWS.render && workflowId.startsWith(keyPrefix);
}

type Listable = Omit<WorkflowExecutionInfo, 'raw'>;

function listed(run: Listable): ListedRender {
  const { state, project, startedAt, closedAt } = shownRun(run);
  return {
    key: run.workflowId,
    state,
    ...(project === undefined ? {} : { project }),
    startedAt: startedAt.toISOString(),
    ...(closedAt === undefined ? {} : { closedAt: closedAt.toISOString() }),
  };
}

function queryOf({ state, since, until, projects, keyPrefix, query }: ListFilter): string {
  const conditions = [`WorkflowType="${WORKFLOWS.render}"`];
  if (state !== undefined) {
    if (!isRenderState(state)) {
      throw new OptionsInvalid(`state is ${String(state)}, and must be one of ${RENDER_STATES.join(', ')}`);
    }
    conditions.push(stateCondition(state));
  }
  if (since !== undefined) conditions.push(`StartTime>="${timeOf('since', since)}"`);
  if (until !== undefined) conditions.push(`StartTime<"${timeOf('until', until)}"`);
  if (projects !== undefined) conditions.push(`RenderProject IN (${projects.map(quoted).join(', ')})`);
  if (keyPrefix !== undefined) conditions.push(`WorkflowId STARTS_WITH ${quoted(searchable(keyPrefix))}`);
  if (query !== undefined) conditions.push(`(${query})`);
  return conditions.join(' AND ');
}

function timeOf(name: string, given: Date | string): string {
  const time = new Date(given);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new OptionsInvalid(`${name} is ${shorten(String(given), 60)}, and must be a time`);
}

/** Runs that were ended from outside could not set their last state; they count as abandoned. */
function stateCondition(state: RenderState): string {
  const endedFromOutside = '(ExecutionStatus="Terminated" OR ExecutionStatus="TimedOut")';
  if (state === 'abandoned') return `(RenderState="abandoned" OR ${endedFromOutside})`;
  return `RenderState="${state}" AND ExecutionStatus!="Terminated" AND ExecutionStatus!="TimedOut"`;
}

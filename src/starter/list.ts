import type { Client } from '@temporalio/client';
import { OptionsInvalid } from '../render/errors.js';
import { ENGINE_CALL_MS } from '../render/limits.js';
import { isRenderState, RENDER_STATES, type RenderState } from '../render/state.js';
import { RENDER_MOVIE, RENDER_PROJECT, RENDER_STATE } from '../workflows/messages.js';
import { translateEngineError } from './engine-errors.js';

/** Which renders to list. */
export interface ListFilter {
  readonly state?: RenderState | undefined;
  /** Only renders started at this time or later. */
  readonly since?: Date | string | undefined;
  /** Only renders with one of these projects. */
  readonly projects?: readonly string[] | undefined;
}

/** One render in a list. Times are ISO 8601 UTC. */
export interface ListedRender {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  readonly startedAt: string;
  readonly closedAt?: string;
}

/** Reads the engine's index page by page. */
export async function* listRenders(client: Client, filter: ListFilter): AsyncGenerator<ListedRender> {
  const query = queryOf(filter);
  try {
    for await (const run of underDeadline(client, client.workflow.list({ query }))) {
      const state = run.typedSearchAttributes.get(RENDER_STATE);
      const project = run.typedSearchAttributes.get(RENDER_PROJECT);
      const isEndedFromOutside = run.status.name === 'TERMINATED' || run.status.name === 'TIMED_OUT';
      yield {
        key: run.workflowId,
        state: isEndedFromOutside ? 'abandoned' : isRenderState(state) ? state : 'submitting',
        ...(project === undefined ? {} : { project }),
        startedAt: run.startTime.toISOString(),
        ...(run.closeTime === undefined ? {} : { closedAt: run.closeTime.toISOString() }),
      };
    }
  } catch (error) {
    throw translateEngineError(error);
  }
}

/** The engine's client would wait for a page without end. */
async function* underDeadline<T>(client: Client, items: AsyncIterable<T>): AsyncGenerator<T> {
  const pages = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await client.withDeadline(Date.now() + ENGINE_CALL_MS, () => pages.next());
    if (next.done === true) return;
    yield next.value;
  }
}

function queryOf({ state, since, projects }: ListFilter): string {
  const conditions = [`WorkflowType="${RENDER_MOVIE}"`];
  if (state !== undefined) {
    if (!isRenderState(state)) {
      throw new OptionsInvalid(`state is ${String(state)}, and must be one of ${RENDER_STATES.join(', ')}`);
    }
    conditions.push(stateCondition(state));
  }
  if (since !== undefined) {
    const time = new Date(since);
    if (Number.isNaN(time.getTime()))
      throw new OptionsInvalid(`since is ${String(since)}, and must be a time`);
    conditions.push(`StartTime>="${time.toISOString()}"`);
  }
  if (projects !== undefined) conditions.push(`RenderProject IN (${projects.map(quoted).join(', ')})`);
  return conditions.join(' AND ');
}

/** A project comes from outside: it may not become part of the query. */
function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}

/** Runs that were ended from outside could not set their last state, and count as abandoned. */
function stateCondition(state: RenderState): string {
  const endedFromOutside = '(ExecutionStatus="Terminated" OR ExecutionStatus="TimedOut")';
  if (state === 'abandoned') return `(RenderState="abandoned" OR ${endedFromOutside})`;
  return `RenderState="${state}" AND ExecutionStatus!="Terminated" AND ExecutionStatus!="TimedOut"`;
}

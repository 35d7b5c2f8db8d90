import pMap from 'p-map';
import { type Caller, engineKeyOf } from '../../http/caller.js';
import { pageOf } from '../../http/routes/list.js';
import { isRenderState, type RenderState } from '../../render/state.js';
import { askEngine } from '../../temporal/ask-engine.js';
import { requireCurrentRun } from '../../temporal/current-run.js';
import { PROJECT_CHARACTERS } from '../../render/limits.js';
import { type ConsoleContext, fieldOf } from '../context.js';

/** Renders of one page: a screen or two, and few enough to show the progress of each. */
const LIMIT = 25;
const CURSOR_CHARACTERS = 2_000;
const QUERY_CHARACTERS = 200;
/** Renders whose progress is asked for at the same time. */
const AT_ONCE = 5;

/** Conditions on the renders of the list, as the form has them. */
export interface Wanted {
  /** Begin of a key, or a whole project. */
  readonly text: string;
  readonly state: RenderState | undefined;
  /** Days in UTC, `2026-11-29`; empty for no limit. */
  readonly since: string;
  readonly until: string;
  readonly cursor: string;
}

/** One render of the list. */
export interface Row {
  readonly key: string;
  readonly state: RenderState;
  readonly project?: string;
  readonly startedAt: string;
  readonly closedAt?: string;
  /** The provider's status in words, while it renders. */
  readonly progress?: string;
}

interface Found {
  readonly rows: readonly Row[];
  readonly next?: string;
}

/** Reads the conditions of a request. Fields that make no sense count as empty. */
export function wantedOf(query: unknown): Wanted {
  const state = fieldOf(query, 'state');
  const cursor = fieldOf(query, 'cursor');
  return {
    text: fieldOf(query, 'q').slice(0, QUERY_CHARACTERS),
    state: isRenderState(state) ? state : undefined,
    since: dayOf(fieldOf(query, 'since')),
    until: dayOf(fieldOf(query, 'until')),
    cursor: /^[A-Za-z0-9_-]*$/.test(cursor) && cursor.length <= CURSOR_CHARACTERS ? cursor : '',
  };
}

function dayOf(text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '';
}

/** Returns the query of an address with these conditions. */
export function queryOf({ text, state, since, until, cursor }: Wanted): string {
  const all = { q: text, state: state ?? '', since, until, cursor };
  const fields = Object.entries(all).filter(([, value]) => value !== '');
  return new URLSearchParams(fields).toString();
}

/** Finds the renders that a person may see: those whose key begins with the text, and those whose project it is. */
export async function findRenders(
  { client }: ConsoleContext,
  caller: Caller,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Found> {
  const { text, state, since, until, cursor } = wanted;
  const filter = {
    state,
    since: since === '' ? undefined : since,
    until: until === '' ? undefined : new Date(Date.parse(until) + DAY_AFTER_MS),
    limit: LIMIT,
    signal,
  };
  const isProject = /^\S+$/.test(text) && text.length <= PROJECT_CHARACTERS && cursor === '';
  const [byKey, byProject] = await Promise.all([
    pageOf(client, caller, { ...filter, prefix: text, cursor }),
    isProject ? pageOf(client, caller, { ...filter, projects: [text] }) : undefined,
  ]);
  const keys = new Set(byKey.renders.map(({ key }) => key));
  const others = byProject?.renders.filter(({ key }) => !keys.has(key)) ?? [];
  const rows = await pMap([...others, ...byKey.renders], (row) => withProgress(client, caller, row), {
    concurrency: AT_ONCE,
  });
  return { rows, ...(byKey.next === undefined ? {} : { next: byKey.next }) };
}

/** A day that is the last one counts whole. */
const DAY_AFTER_MS = 86_400_000;

async function withProgress(client: ConsoleContext['client'], caller: Caller, row: Row): Promise<Row> {
  if (row.state !== 'rendering') return row;
  const key = engineKeyOf(caller, row.key);
  // A list without a progress is better than none.
  const run = await askEngine(client, key, () => requireCurrentRun(client, key)).catch(() => undefined);
  return run?.checking === undefined ? row : { ...row, progress: run.checking };
}

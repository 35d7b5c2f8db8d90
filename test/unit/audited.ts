import { findingsOf } from '../../src/audit/findings.js';
import type { ListedRender } from '../../src/starter/list.js';
import { groupMovies } from '../../src/audit/period.js';
import type { RenderState } from '../../src/render/state.js';

type KnownRuns = Parameters<typeof findingsOf>[1];
export type ListedMovie = Parameters<typeof groupMovies>[0][number];

export const NAMESPACE = 'videos';
/** The engine may have forgotten runs that closed before this time. */
const REMEMBERED_SINCE = new Date('2026-11-01T00:00:00Z');

export const movieOf = (project: string, key?: string, more: Partial<ListedMovie> = {}): ListedMovie => ({
  project,
  createdAt: '2026-11-20T00:00:00Z',
  status: 'done',
  credits: 5,
  ...(key === undefined ? {} : { mark: { key, namespace: NAMESPACE } }),
  ...more,
});

export const runOf = (key: string, state: RenderState, project?: string): ListedRender => ({
  key,
  state,
  startedAt: '2026-11-19T23:59:00Z',
  ...(project === undefined ? {} : { project }),
});

export function knownRuns(...runs: readonly ListedRender[]): KnownRuns {
  const owned = runs.flatMap((run) => (run.project === undefined ? [] : [[run.project, run] as const]));
  return { byProject: new Map(owned), byKey: new Map(runs.map((run) => [run.key, run])) };
}

export const findingsIn = (movies: readonly ListedMovie[], known: KnownRuns = knownRuns()) =>
  findingsOf(groupMovies(movies, NAMESPACE), known, REMEMBERED_SINCE);

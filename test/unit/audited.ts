import type { EngineFacts, RunFacts } from '../../src/audit/engine-facts.js';
import { groupMovies } from '../../src/audit/group.js';
import { judge } from '../../src/audit/judge.js';
import type { ListedMovie } from '../../src/audit/movie.js';
import type { RenderState } from '../../src/render/state.js';

export const NAMESPACE = 'videos';
/** What closed before may be forgotten by the engine. */
const REMEMBERED_SINCE = new Date('2026-11-01T00:00:00Z');

export const movieOf = (project: string, key?: string, more: Partial<ListedMovie> = {}): ListedMovie => ({
  project,
  createdAt: '2026-11-20T00:00:00Z',
  status: 'done',
  credits: 5,
  ...(key === undefined ? {} : { mark: { key, namespace: NAMESPACE } }),
  ...more,
});

export const runOf = (key: string, state: RenderState, project?: string): RunFacts => ({
  key,
  state,
  startedAt: '2026-11-19T23:59:00Z',
  ...(project === undefined ? {} : { project }),
});

export function factsOf(...runs: readonly RunFacts[]): EngineFacts {
  const owned = runs.flatMap((run) => (run.project === undefined ? [] : [[run.project, run] as const]));
  return { owners: new Map(owned), runs: new Map(runs.map((run) => [run.key, run])) };
}

export const judged = (movies: readonly ListedMovie[], facts: EngineFacts = factsOf()) =>
  judge(groupMovies(movies, NAMESPACE), facts, REMEMBERED_SINCE);

import pMap from 'p-map';
import { KeyInvalid, KeyNotFound } from '../render/errors.js';
import type { Renders } from '../starter.js';
import type { ListedRender } from '../starter/list.js';
import type { MovieGroups } from './period.js';

/** The runs that the engine knows of the movies. */
export interface KnownRuns {
  /** The run that has a project, by project. */
  readonly byProject: ReadonlyMap<string, ListedRender>;
  /** The current run of each key with a movie that no run knows; a key that the engine does not know is absent. */
  readonly byKey: ReadonlyMap<string, ListedRender>;
}

/** Projects in one query to the engine's index: about 2 KB of text, and a page of the provider's list has as many movies. */
const PROJECTS_AT_ONCE = 100;

/** Keys that the engine is asked for at the same time: fast enough for thousands, and gentle to the engine. */
const KEYS_AT_ONCE = 8;

/**
 * Asks the engine's index for the projects of all movies, many at once. Then it asks for the key of every project that no
 * run has: the index may lag, and the state of the run decides the next step.
 */
export async function readKnownRuns(
  renders: Pick<Renders, 'list' | 'status'>,
  { keys, unmarked }: MovieGroups,
): Promise<KnownRuns> {
  const byProject = new Map<string, ListedRender>();
  const movies = [...[...keys.values()].flat(), ...unmarked];
  for (let from = 0; from < movies.length; from += PROJECTS_AT_ONCE) {
    const projects = movies.slice(from, from + PROJECTS_AT_ONCE).map(({ project }) => project);
    for await (const run of renders.list({ projects })) {
      if (run.project !== undefined) byProject.set(run.project, run);
    }
  }
  const byKey = new Map<string, ListedRender>();
  const doubtful = [...keys].filter(([, of]) => of.some(({ project }) => !byProject.has(project)));
  const readKey = async ([key]: readonly [string, unknown]): Promise<void> => {
    const run = await currentRun(renders, key);
    if (run === undefined) return;
    byKey.set(key, run);
    if (run.project !== undefined) byProject.set(run.project, run);
  };
  await pMap(doubtful, readKey, { concurrency: KEYS_AT_ONCE });
  return { byProject, byKey };
}

async function currentRun(renders: Pick<Renders, 'status'>, key: string): Promise<ListedRender | undefined> {
  try {
    return await renders.status(key);
  } catch (error) {
    // A mark comes from outside: no run may be able to have its key.
    if (error instanceof KeyNotFound || error instanceof KeyInvalid) return undefined;
    throw error;
  }
}

import { KeyInvalid, KeyNotFound } from '../render/errors.js';
import { AUDIT_LOOKUPS_AT_ONCE, AUDIT_PROJECTS_AT_ONCE } from '../render/limits.js';
import type { Renders } from '../starter.js';
import type { RenderStatus } from '../starter/status.js';
import type { MovieGroups } from './group.js';

/** What an audit needs to know of a run. */
export type RunFacts = Pick<RenderStatus, 'key' | 'state' | 'project' | 'startedAt'>;

/** What the engine knows of the movies. */
export interface EngineFacts {
  /** The run that knows a project. */
  readonly owners: ReadonlyMap<string, RunFacts>;
  /** The current run of every key that has a movie without an owner; none where the engine knows no such key. */
  readonly runs: ReadonlyMap<string, RunFacts>;
}

/**
 * Asks the engine for the projects of all movies through its index, many at once, and about a key itself only where a
 * project of it has no owner: the index may lag, and the run's state says what can be done.
 */
export async function readEngine(
  renders: Pick<Renders, 'list' | 'status'>,
  { keys, unmarked }: MovieGroups,
): Promise<EngineFacts> {
  const owners = new Map<string, RunFacts>();
  const movies = [...[...keys.values()].flat(), ...unmarked];
  for (let from = 0; from < movies.length; from += AUDIT_PROJECTS_AT_ONCE) {
    const projects = movies.slice(from, from + AUDIT_PROJECTS_AT_ONCE).map(({ project }) => project);
    for await (const run of renders.list({ projects })) {
      if (run.project !== undefined) owners.set(run.project, run);
    }
  }
  const runs = new Map<string, RunFacts>();
  const doubtful = [...keys].filter(([, of]) => of.some(({ project }) => !owners.has(project)));
  await eachOf(doubtful, async ([key]) => {
    const run = await currentRun(renders, key);
    if (run === undefined) return;
    runs.set(key, run);
    if (run.project !== undefined) owners.set(run.project, run);
  });
  return { owners, runs };
}

/** Several at once, never more than the engine likes. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const workOff = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AUDIT_LOOKUPS_AT_ONCE }, workOff));
}

async function currentRun(renders: Pick<Renders, 'status'>, key: string): Promise<RunFacts | undefined> {
  try {
    return await renders.status(key);
  } catch (error) {
    // A mark comes from outside: its key may be one that no run can have.
    if (error instanceof KeyNotFound || error instanceof KeyInvalid) return undefined;
    throw error;
  }
}

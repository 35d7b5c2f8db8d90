import { setTimeout as pause } from 'node:timers/promises';
import type { Mark } from '../../movie/movie.js';
import { markOf } from '../../json2video/movie-reply.js';
import {
  EngineUnavailable,
  KeyInvalid,
  KeyNotFound,
  KeyTaken,
  ProviderUnavailable,
} from '../../render/errors.js';
import { PROJECT_CHARACTERS } from '../../render/limits.js';
import { listPage } from '../../starter/list.js';
import type { ApiDependencies } from '../api.js';
import { type Caller, shownKeyOf } from '../caller.js';
import { Refusal } from '../refusal.js';
import { type EngineView, readView } from '../views.js';

/** The index lags behind the engine, so a project that was just accepted may not be in it yet. */
const INDEX_QUESTIONS = 4;
const INDEX_PAUSE_MS = 1_000;
/** Runs of one project: a reset or an adoption adds one. */
const RUNS_OF_PROJECT = 20;
/** Questions about unknown projects that go to the provider at the same time: callers must not use up its limits. */
const MOST_QUESTIONS = 8;

/** A render with its project. */
type Found = EngineView & { readonly project: string };
/** Finds the render of a project; undefined if this caller has no such project. `key` is the engine's, if it is known. */
type FindProject = (
  caller: Caller,
  project: string,
  key: string | undefined,
  signal: AbortSignal,
) => Promise<Found | undefined>;

/**
 * Creates the search for the renders of projects: by the key if the caller gave it, in the engine's index for 3 s, then by the
 * mark of the provider's movie. The engine has the last word, since anybody can copy a mark.
 *
 * @throws ProviderUnavailable
 */
export function createFindProject({ client, renders, provider }: ApiDependencies): FindProject {
  const viewOf = async (project: string, key: string, signal: AbortSignal): Promise<Found | undefined> => {
    const view = await readView(renders, key, { signal }).catch(unlessUnknown);
    if (view?.project !== project) return undefined;
    // Its outcome came too late, and without it the render looks as if it had failed.
    if (view.state === 'done' && view.outcome === undefined)
      throw new EngineUnavailable('the outcome was not read in time', { key });
    return { ...view, project };
  };
  const inIndex = async (caller: Caller, project: string, signal: AbortSignal): Promise<string[]> => {
    const keyPrefix = caller.tenant === undefined ? undefined : `${caller.tenant}:`;
    const page = await listPage(
      client,
      { projects: [project], keyPrefix, signal },
      { limit: RUNS_OF_PROJECT },
    );
    return (page?.renders ?? []).map(({ key }) => key).filter((key) => isOwn(caller, key));
  };
  const markAtProvider = limited(async (project) => {
    const movie = await provider?.find(project);
    return movie === undefined ? undefined : markOf(movie);
  });
  return async (caller, project, key, signal) => {
    if (project.length > PROJECT_CHARACTERS) return undefined;
    const known = key === undefined ? undefined : await viewOf(project, key, signal);
    if (known !== undefined) return known;
    for (let question = 1; question <= INDEX_QUESTIONS; question += 1) {
      if (question > 1) await pause(INDEX_PAUSE_MS, undefined, { signal });
      for (const each of await inIndex(caller, project, signal)) {
        const found = await viewOf(project, each, signal);
        if (found !== undefined) return found;
      }
    }
    const mark = await markAtProvider(project);
    const isHere = mark?.namespace === client.options.namespace && isOwn(caller, mark.key);
    return isHere ? viewOf(project, mark.key, signal) : undefined;
  };
}

function isOwn(caller: Caller, engineKey: string): boolean {
  return shownKeyOf(caller, engineKey) !== undefined;
}

function unlessUnknown(error: unknown): undefined {
  // A mark may name any text.
  const isUnknown = error instanceof KeyNotFound || error instanceof KeyInvalid || error instanceof KeyTaken;
  if (!isUnknown) throw error;
}

type Question = (project: string) => Promise<Mark | undefined>;

/** Limits the questions that go to the provider at the same time, and translates their errors. */
function limited(ask: Question): Question {
  let open = 0;
  return async (project) => {
    if (open >= MOST_QUESTIONS) throw new Refusal('RateLimited', 'too many questions about unknown projects');
    open += 1;
    try {
      return await ask(project);
    } catch (cause) {
      throw new ProviderUnavailable('the provider cannot be asked about the project', { cause });
    } finally {
      open -= 1;
    }
  };
}

import type { ListedRender } from '../starter/list.js';
import { shellWord } from '../text/shell-word.js';
import type { groupMovies } from './period.js';
import type { AuditedMovie, AuditReport, Duplicate, Finding, KeyMovie, Price, Section } from './report.js';

/** The runs that the engine knows of the movies. */
interface KnownRuns {
  /** The run that has a project, by project. */
  readonly byProject: ReadonlyMap<string, ListedRender>;
  /** The current run of each key with a movie that no run knows; a key that the engine does not know is absent. */
  readonly byKey: ReadonlyMap<string, ListedRender>;
}

type MovieGroups = ReturnType<typeof groupMovies>;

/** Puts every movie into its place of the report. The engine may have forgotten runs that closed before `rememberedSince`. */
export function findingsOf(
  { keys, unmarked, elsewhere }: MovieGroups,
  known: KnownRuns,
  rememberedSince: Date,
): Omit<AuditReport, 'namespace' | 'since' | 'until' | 'movies'> {
  const duplicates: Duplicate[] = [];
  const orphans: Finding[] = [];
  const sound: AuditedMovie[] = [];
  const underway: AuditedMovie[] = [];
  const forgotten: AuditedMovie[] = [];
  for (const [key, movies] of keys) {
    const run = known.byKey.get(key);
    const [movie, second] = movies;
    if (movie === undefined) continue;
    if (second !== undefined) duplicates.push(duplicateOf(findingOf(key, movies, known, rememberedSince)));
    else if (known.byProject.has(movie.project)) sound.push(movie);
    else if (isBeyondMemory(movie, run, rememberedSince)) forgotten.push(movie);
    else if (run?.state === 'submitting') underway.push(movie);
    else orphans.push(findingOf(key, movies, known, rememberedSince));
  }
  const foreign = unmarked.filter(({ project }) => !known.byProject.has(project));
  sound.push(...unmarked.filter(({ project }) => known.byProject.has(project)));
  return {
    duplicates,
    orphans,
    unmarked: { ...sectionOf(foreign), movies: foreign },
    underway: sectionOf(underway),
    forgotten: sectionOf(forgotten),
    sound: sectionOf(sound),
    elsewhere: [...elsewhere].map(([namespace, movies]) => ({ namespace, ...sectionOf(movies) })),
  };
}

/** True if the engine may have forgotten a run that knew the movie; a run that began before the movie is remembered. */
function isBeyondMemory({ createdAt }: AuditedMovie, run: ListedRender | undefined, since: Date): boolean {
  if (createdAt === null || Date.parse(createdAt) >= since.getTime()) return false;
  return run === undefined || Date.parse(run.startedAt) > Date.parse(createdAt);
}

function findingOf(
  key: string,
  movies: readonly AuditedMovie[],
  { byProject, byKey }: KnownRuns,
  rememberedSince: Date,
): Finding {
  const found: KeyMovie[] = movies.map((movie) => ({ ...movie, isKnown: byProject.has(movie.project) }));
  const unknown = found.filter(({ isKnown }) => !isKnown);
  const ofRun = found.find(({ isKnown }) => isKnown);
  const run = byKey.get(key) ?? (ofRun && byProject.get(ofRun.project));
  const [oldest] = unknown;
  const isUndecided = run?.project === undefined && (run?.state === 'held' || run?.state === 'unknown');
  const isForgotten = unknown.every((movie) => isBeyondMemory(movie, run, rememberedSince));
  return {
    key,
    ...(run === undefined ? {} : { state: run.state }),
    ...(run?.project === undefined ? {} : { ownProject: run.project }),
    movies: found,
    price: priceOf(found),
    ...(isUndecided && oldest !== undefined ? { adoptable: oldest.project } : {}),
    next: nextStep(
      key,
      unknown.map(({ project }) => project),
      run,
      isForgotten,
    ),
  };
}

function duplicateOf(finding: Finding): Duplicate {
  const kept = finding.movies.find(({ isKnown }) => isKnown) ?? finding.movies[0];
  return { ...finding, surplus: priceOf(finding.movies.filter((movie) => movie !== kept)) };
}

function priceOf(movies: readonly AuditedMovie[]): Price {
  return {
    credits: movies.reduce((sum, { credits }) => sum + (credits ?? 0), 0),
    unpriced: movies.filter(({ credits }) => credits === null).length,
  };
}

function sectionOf(movies: readonly AuditedMovie[]): Section {
  return { count: movies.length, price: priceOf(movies) };
}

/**
 * Returns the next step of a person, as a sentence with the exact command.
 *
 * @param projects projects of the key that no run knows, the oldest first
 * @param run the key's current run, if the engine knows one
 * @param isForgotten true if the engine may have forgotten a run that knew all of them
 */
function nextStep(
  key: string,
  projects: readonly string[],
  run: ListedRender | undefined,
  isForgotten: boolean,
): string {
  const name = shellWord(key);
  const [project] = projects;
  if (project === undefined) {
    return `Only credits are lost: each movie belongs to a run of this key. \`renderonce status ${name}\` shows the last.`;
  }
  if (isForgotten) return 'Nothing can be done: the engine has forgotten the renders of this key.';
  if (run === undefined) {
    return (
      'The engine knows no such key. Take the movie over instead of paying again: ' +
      `\`renderonce submit ${name} MOVIE.json --look-from TIME\`, with the same movie and a time before it was created.`
    );
  }
  if (run.project !== undefined) {
    return (
      `The callers have project ${run.project}; no caller waits for ${projects.join(', ')}, and the credits are spent. ` +
      `\`renderonce status ${name}\` shows what happened.`
    );
  }
  return stepByState(name, project, run);
}

function stepByState(name: string, project: string, { state }: ListedRender): string {
  const again = `\`renderonce submit ${name} MOVIE.json`;
  const looks = 'with the same movie, which looks before it sends';
  switch (state) {
    case 'held':
    case 'unknown':
      return `Give it to its key: \`renderonce resolve ${name} --adopt ${project} --why 'found by audit'\`.`;
    case 'waiting':
      return `The movie is about to be sent again: \`renderonce cancel ${name}\` now, then take it over: ${again}\` ${looks}.`;
    case 'abandoned':
      return `Take it over: ${again} --restart\` ${looks}.`;
    default:
      return `Take it over: ${again}\` ${looks}; if that is refused, \`renderonce status ${name}\` says why.`;
  }
}

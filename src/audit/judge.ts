import type { EngineFacts, RunFacts } from './engine-facts.js';
import type { MovieGroups } from './group.js';
import { type AuditedMovie, priceOf } from './movie.js';
import { nextStep } from './next-step.js';
import type { AuditReport, Duplicate, Finding, FoundMovie, Section } from './report.js';

/** Puts every movie into its place. `rememberedSince`: what closed before may be forgotten by the engine. */
export function judge(
  { keys, unmarked, elsewhere }: MovieGroups,
  facts: EngineFacts,
  rememberedSince: Date,
): Omit<AuditReport, 'namespace' | 'since' | 'until' | 'movies'> {
  const duplicates: Duplicate[] = [];
  const orphans: Finding[] = [];
  const sound: AuditedMovie[] = [];
  const underway: AuditedMovie[] = [];
  const forgotten: AuditedMovie[] = [];
  for (const [key, movies] of keys) {
    const run = facts.runs.get(key);
    const [movie, second] = movies;
    if (movie === undefined) continue;
    if (second !== undefined) duplicates.push(duplicateOf(findingOf(key, movies, facts, rememberedSince)));
    else if (facts.owners.has(movie.project)) sound.push(movie);
    else if (isBeyondMemory(movie, run, rememberedSince)) forgotten.push(movie);
    else if (run?.state === 'submitting') underway.push(movie);
    else orphans.push(findingOf(key, movies, facts, rememberedSince));
  }
  const foreign = unmarked.filter(({ project }) => !facts.owners.has(project));
  sound.push(...unmarked.filter(({ project }) => facts.owners.has(project)));
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

/** Whether a run that knew the movie may have been forgotten; a run that began before it is still there to tell. */
function isBeyondMemory({ createdAt }: AuditedMovie, run: RunFacts | undefined, since: Date): boolean {
  if (createdAt === null || Date.parse(createdAt) >= since.getTime()) return false;
  return run === undefined || Date.parse(run.startedAt) > Date.parse(createdAt);
}

function findingOf(
  key: string,
  movies: readonly AuditedMovie[],
  { owners, runs }: EngineFacts,
  rememberedSince: Date,
): Finding {
  const found: FoundMovie[] = movies.map((movie) => ({ ...movie, isKnown: owners.has(movie.project) }));
  const loose = found.filter(({ isKnown }) => !isKnown);
  const known = found.find(({ isKnown }) => isKnown);
  const run = runs.get(key) ?? (known && owners.get(known.project));
  const [oldest] = loose;
  const isUndecided = run?.project === undefined && (run?.state === 'held' || run?.state === 'unknown');
  return {
    key,
    ...(run === undefined ? {} : { state: run.state }),
    ...(run?.project === undefined ? {} : { ownProject: run.project }),
    movies: found,
    price: priceOf(found),
    ...(isUndecided && oldest !== undefined ? { adoptable: oldest.project } : {}),
    next: nextStep({
      key,
      projects: loose.map(({ project }) => project),
      run,
      isForgotten: loose.every((movie) => isBeyondMemory(movie, run, rememberedSince)),
    }),
  };
}

function duplicateOf(finding: Finding): Duplicate {
  const kept = finding.movies.find(({ isKnown }) => isKnown) ?? finding.movies[0];
  return { ...finding, surplus: priceOf(finding.movies.filter((movie) => movie !== kept)) };
}

function sectionOf(movies: readonly AuditedMovie[]): Section {
  return { count: movies.length, price: priceOf(movies) };
}

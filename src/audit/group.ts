import type { AuditedMovie, ListedMovie } from './movie.js';

/** The movies of a period by what their marks say. Within a group the oldest comes first. */
export interface MovieGroups {
  /** Movies of this namespace, by key. */
  readonly keys: ReadonlyMap<string, readonly AuditedMovie[]>;
  /** Movies without our mark. */
  readonly unmarked: readonly AuditedMovie[];
  /** Movies of other namespaces, by namespace. */
  readonly elsewhere: ReadonlyMap<string, readonly AuditedMovie[]>;
}

export function groupMovies(movies: readonly ListedMovie[], namespace: string): MovieGroups {
  const keys = new Map<string, AuditedMovie[]>();
  const elsewhere = new Map<string, AuditedMovie[]>();
  const unmarked: AuditedMovie[] = [];
  for (const { mark, ...movie } of movies.toSorted(byAge)) {
    if (mark === undefined) unmarked.push(movie);
    else if (mark.namespace === namespace) append(keys, mark.key, movie);
    else append(elsewhere, mark.namespace, movie);
  }
  return { keys, unmarked, elsewhere };
}

function byAge(a: AuditedMovie, b: AuditedMovie): number {
  return (a.createdAt ?? '').localeCompare(b.createdAt ?? '') || a.project.localeCompare(b.project);
}

function append<T>(groups: Map<string, T[]>, name: string, item: T): void {
  const group = groups.get(name);
  if (group === undefined) groups.set(name, [item]);
  else group.push(item);
}

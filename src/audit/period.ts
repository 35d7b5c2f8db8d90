import type { Json2Video } from '../json2video/client.js';
import { creditsOf, markOf, type MovieReply } from '../json2video/movie-reply.js';
import type { Mark } from '../movie/movie.js';
import { ProviderUnavailable } from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';
import type { AuditedMovie } from './report.js';

/** A movie with its mark. */
interface ListedMovie extends AuditedMovie {
  /** Absent if the movie does not carry our mark. */
  readonly mark?: Pick<Mark, 'key' | 'namespace'>;
}

/**
 * Reads all movies that the provider accepted in a period, each once. Both ends belong to the period.
 *
 * @throws ProviderUnavailable if the list ends early: a part of it says nothing about the rest
 */
export async function readPeriod(
  json2video: Pick<Json2Video, 'list'>,
  since: Date,
  until: Date,
  onRead: (movies: number) => void,
): Promise<ListedMovie[]> {
  const found = new Map<string, ListedMovie>();
  const isWithin = ({ createdAt }: ListedMovie): boolean => {
    const atMs = createdAt === null ? Number.NaN : Date.parse(createdAt);
    // A movie without a time may be within.
    return !(atMs < since.getTime() || atMs > until.getTime());
  };
  try {
    for await (const movies of json2video.list(since, until)) {
      for (const reply of movies) {
        const movie = listedMovie(reply);
        if (isWithin(movie)) found.set(movie.project, movie);
      }
      onRead(found.size);
    }
  } catch (error) {
    throw new ProviderUnavailable(`the audit was broken off: ${shorten(messageOf(error))}`, { cause: error });
  }
  return [...found.values()];
}

function listedMovie(reply: MovieReply): ListedMovie {
  const { project, created_at: createdAt, status } = reply;
  if (project === null) throw new Error('the list has a movie without a project');
  const mark = markOf(reply);
  return {
    project,
    createdAt,
    status,
    credits: creditsOf(reply) ?? null,
    ...(mark === undefined ? {} : { mark: { key: mark.key, namespace: mark.namespace } }),
  };
}

/** The movies of a period by their marks. Within a group the oldest comes first. */
interface MovieGroups {
  /** Movies of this namespace, by key. */
  readonly keys: ReadonlyMap<string, readonly AuditedMovie[]>;
  /** Movies without our mark. */
  readonly unmarked: readonly AuditedMovie[];
  /** Movies of other namespaces, by namespace. */
  readonly elsewhere: ReadonlyMap<string, readonly AuditedMovie[]>;
}

/** Groups movies by their marks. */
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

import type { Json2Video } from '../json2video/client.js';
import { ProviderUnavailable } from '../render/errors.js';
import { messageOf, shorten } from '../text/text.js';
import { type ListedMovie, recordOf } from './movie.js';

/** The period of an audit; both ends belong to it. */
export interface Period {
  readonly since: Date;
  readonly until: Date;
}

/**
 * All movies that the provider accepted within the period, each once.
 *
 * @throws ProviderUnavailable where the list could not be read to its end: what was read says nothing about the rest
 */
export async function readPeriod(
  json2video: Pick<Json2Video, 'list'>,
  { since, until }: Period,
  onRead: (movies: number) => void,
): Promise<ListedMovie[]> {
  const found = new Map<string, ListedMovie>();
  const isWithin = ({ createdAt }: ListedMovie): boolean => {
    const atMs = createdAt === null ? Number.NaN : Date.parse(createdAt);
    // One whose time is not told may be within.
    return !(atMs < since.getTime() || atMs > until.getTime());
  };
  try {
    for await (const movies of json2video.list(since, until)) {
      for (const movie of movies) {
        const record = recordOf(movie);
        if (record === undefined) throw new Error('the list has a movie without a project');
        if (isWithin(record)) found.set(record.project, record);
      }
      onRead(found.size);
    }
  } catch (error) {
    throw new ProviderUnavailable(`the audit was broken off: ${shorten(messageOf(error))}`, { cause: error });
  }
  return [...found.values()];
}

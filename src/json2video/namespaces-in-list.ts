import { ConfigInvalid } from '../render/errors.js';
import { DAY_MS } from '../text/time.js';
import type { Json2Video } from './client.js';
import { markOf } from './movie-reply.js';

/** Days before the restore in which renders of the namespace may be: as long as a witness counts. */
const BEFORE_DAYS = 31;

/** A start, or a person, waits: after this time no further page is read. */
const READING_MS = 60_000;

/**
 * Reads the namespaces in the marks of the provider's list, from a month before a time on, until one is this one.
 *
 * @throws if the list cannot be read to its end in time
 */
async function otherNamespaces(
  json2video: Pick<Json2Video, 'list'>,
  namespace: string,
  fromMs: number,
): Promise<readonly string[]> {
  const others = new Set<string>();
  const untilMs = Date.now() + READING_MS;
  for await (const movies of json2video.list(new Date(fromMs - BEFORE_DAYS * DAY_MS))) {
    for (const movie of movies) {
      const mark = markOf(movie);
      if (mark?.namespace === namespace) return [];
      if (mark !== undefined) others.add(mark.namespace);
    }
    if (Date.now() > untilMs) throw new Error(`it is not read to its end within ${READING_MS / 1_000} s`);
  }
  return [...others];
}

/**
 * Checks that an engine that was restored, or moved, has the namespace name that the marks in the provider's list name:
 * under another name looks would not find what was sent. An unreadable list says nothing, to looks neither.
 *
 * @throws ConfigInvalid
 */
export async function requireNamespaceOfMarks(
  json2video: Pick<Json2Video, 'list'>,
  namespace: string,
  lookFrom: string,
): Promise<void> {
  const others = await otherNamespaces(json2video, namespace, Date.parse(lookFrom)).catch(() => []);
  if (others.length === 0) return;
  throw new ConfigInvalid(
    `RENDERONCE_LOOK_FROM is set, and the list of JSON2Video shows renders of namespace ${others.join(', ')}, but none of ${namespace}`,
    'Use the namespace name that the renders had before (TEMPORAL_NAMESPACE), since marks name it. Only if this account never rendered under the present name, unset RENDERONCE_LOOK_FROM.',
  );
}

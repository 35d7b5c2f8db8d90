import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { markOf, type MovieReply, reportsToUs, withKey } from '../json2video/movie-reply.js';
import type { Claim, Look } from '../render/activity-results.js';
import type { Mark } from '../movie/movie.js';
import { shorten } from '../text/text.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from './still-waiting.js';

/** Pause between two looks at the list while a key is held: short enough for a person who waits for it. */
const HELD_LOOK_MS = 300_000;

interface FindMovieRequest {
  /** ISO time from which the provider's list is read. */
  readonly since: string;
  readonly fingerprint: string;
  /** True to repeat until a movie with our key is there, by failing retryably. By default one look is the result. */
  readonly untilFound?: boolean;
}

/**
 * Creates the activity that looks for the run's movie in the provider's list. It fails retryably unless it can read the
 * whole list.
 */
export function createFindMovie({ json2video }: ActivityDependencies) {
  return async function findMovie(request: FindMovieRequest): Promise<Look> {
    const { workflowExecution, attempt } = activityInfo();
    const { workflowId: key = '', runId = '' } = workflowExecution ?? {};
    const { namespace } = Context.current().client.options;
    const until = request.untilFound === true;
    if (until && attempt === 1) throw stillWaiting('not found yet; the next look follows', HELD_LOOK_MS);

    const marked: ReturnType<typeof withKey> = [];
    let scanned = 0;
    for await (const movies of json2video.list(new Date(request.since))) {
      scanned += movies.length;
      marked.push(...withKey(movies, key, namespace));
      heartbeat({ scanned });
    }
    const look = { runId, scanned, ...lookOf(marked, request) };
    const sawNothing = look.found === undefined && look.otherProject === undefined;
    if (until && sawNothing) throw stillWaiting(`not among ${scanned} movies`, HELD_LOOK_MS);
    return look;
  };
}

function lookOf(
  marked: ReturnType<typeof withKey>,
  request: FindMovieRequest,
): Pick<Look, 'found' | 'otherProject'> {
  const ours = marked.filter((movie) => movie.fingerprint === request.fingerprint);
  // If there are two, callers may know the older one already.
  const [first] = ours.toSorted((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  if (first !== undefined) {
    const { project, webhook, createdAt } = first;
    return { found: { project, submittedAt: createdAt ?? request.since, webhook } };
  }
  const [other] = marked;
  return other === undefined ? {} : { otherProject: other.project };
}

interface ClaimMovieRequest {
  readonly project: string;
  readonly fingerprint: string;
  /** True if a person decided that the project is ours, with any mark or none. */
  readonly force?: boolean;
}

/**
 * Creates the activity that checks if a project, which a webhook or a person names, is this run's. A GET decides, or a
 * person by force.
 */
export function createClaimMovie({ json2video, now }: ActivityDependencies) {
  return async function claimMovie({
    project,
    fingerprint,
    force = false,
  }: ClaimMovieRequest): Promise<Claim> {
    const movie = await json2video.find(project).catch((error: unknown) => {
      if (force) return undefined;
      throw error;
    });
    const { namespace } = Context.current().client.options;
    const key = activityInfo().workflowExecution?.workflowId ?? '';
    const notOurs =
      movie === undefined
        ? 'the provider knows no such project'
        : differenceOf(movie, { key, fingerprint, namespace });
    if (notOurs !== undefined && !force)
      return { notOurs: `project ${project} cannot be adopted: ${notOurs}` };
    const submittedAt = movie?.created_at ?? new Date(now()).toISOString();
    const webhook = movie !== undefined && reportsToUs(movie);
    return { found: { project, submittedAt, webhook } };
  };
}

/** Describes the difference between a movie's mark and a run's; undefined if there is none. */
function differenceOf(movie: MovieReply, ours: Mark): string | undefined {
  const mark = markOf(movie);
  if (mark === undefined) return 'it carries no mark of renderonce';
  if (mark.key !== ours.key) return `it carries key ${shorten(mark.key)}`;
  if (mark.namespace !== ours.namespace) return `it belongs to namespace ${shorten(mark.namespace)}`;
  return mark.fingerprint === ours.fingerprint ? undefined : 'it is another movie under this key';
}

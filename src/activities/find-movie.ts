import { activityInfo, Context, heartbeat } from '@temporalio/activity';
import { type MarkedMovie, markOf, reportsToUs, withKey } from '../json2video/find-marked.js';
import type { MovieReply } from '../json2video/movie-reply.js';
import type { Claim, Look } from '../render/activity-results.js';
import { HELD_LOOK_MS } from '../render/limits.js';
import type { Mark } from '../movie/movie.js';
import { shorten } from '../text/text.js';
import type { ActivityDependencies } from './dependencies.js';
import { stillWaiting } from './still-waiting.js';

export interface FindMovieRequest {
  /** ISO time from which the provider's list is read. */
  readonly since: string;
  readonly fingerprint: string;
  /** Repeat until a movie with our key is there, by failing retryably; otherwise one look is one answer. */
  readonly untilFound?: boolean;
}

/** Looks for the run's movie in the provider's whole list. Fails, retryably, when the list could not be read to its end. */
export function createFindMovie({ json2video }: ActivityDependencies) {
  return async function findMovie(request: FindMovieRequest): Promise<Look> {
    const { workflowExecution, attempt } = activityInfo();
    const { workflowId: key = '', runId = '' } = workflowExecution ?? {};
    const { namespace } = Context.current().client.options;
    const until = request.untilFound === true;
    if (until && attempt === 1) throw stillWaiting('not found yet; the next look follows', HELD_LOOK_MS);

    const marked: MarkedMovie[] = [];
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
  marked: readonly MarkedMovie[],
  request: FindMovieRequest,
): Pick<Look, 'found' | 'otherProject'> {
  const ours = marked.filter((movie) => movie.fingerprint === request.fingerprint);
  // Were there two, the older is the one that callers may have been told of.
  const [first] = ours.toSorted((a, b) => (a.createdAt ?? '').localeCompare(b.createdAt ?? ''));
  if (first !== undefined) {
    const { project, webhook, createdAt } = first;
    return { found: { project, submittedAt: createdAt ?? request.since, webhook } };
  }
  const [other] = marked;
  return other === undefined ? {} : { otherProject: other.project };
}

export interface ClaimMovieRequest {
  readonly project: string;
  readonly fingerprint: string;
  /** A person says that it is ours, whatever it carries. */
  readonly force?: boolean;
}

/** Whether a project that somebody names is this run's: a GET decides, or a person by force. */
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

/** In what a movie's mark differs from a run's, in words. */
function differenceOf(movie: MovieReply, ours: Mark): string | undefined {
  const mark = markOf(movie);
  if (mark === undefined) return 'it carries no mark of renderonce';
  if (mark.key !== ours.key) return `it carries key ${shorten(mark.key)}`;
  if (mark.namespace !== ours.namespace) return `it belongs to namespace ${shorten(mark.namespace)}`;
  return mark.fingerprint === ours.fingerprint ? undefined : 'it is another movie under this key';
}

import { activityInfo, Context } from '@temporalio/activity';
import { markOf, type MovieReply, reportsToUs } from '../json2video/movie-reply.js';
import type { Mark } from '../movie/movie.js';
import type { Claim } from '../render/activity-results.js';
import { shorten } from '../text/text.js';
import { type ActivityDependencies, followedBy } from './dependencies.js';

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
export function createClaimMovie(dependencies: ActivityDependencies) {
  const { json2video, now } = dependencies;
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
      return { notOurs: `project ${project} cannot be adopted: ${notOurs}`, ...followedBy(dependencies) };
    const submittedAt = movie?.created_at ?? new Date(now()).toISOString();
    const webhook = movie !== undefined && reportsToUs(movie);
    const found = { project, submittedAt, webhook, account: json2video.account };
    return { found, ...followedBy(dependencies) };
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

import { jsonReply, refusal } from '../http/reply.js';
import { projectParameter } from '../http/request-url.js';
import type { CallHandler } from '../http/serve.js';
import { unknownProject } from '../http/unknown-project.js';
import type { JsonObject } from '../json.js';
import type { Movie } from '../movies/movie.js';
import { movieView } from '../movies/movie-view.js';
import type { World } from '../world.js';
import { listMovies } from './list.js';

/** `GET /v2/movies`: one movie if a project is named, else a page of the list. */
export const isSingle = (query: URLSearchParams): boolean => projectParameter(query) !== undefined;

/** `GET /v2/movies?project=`. A failed render is no failed call: 200, with the reason inside. */
export const readMovieStatus: CallHandler = (world, { query }) => {
  const { clock, site } = world;
  const quirks = world.quirks.current;
  const project = projectParameter(query) ?? '';
  const movie = world.store.get(project);
  if (movie === undefined || isStillUnknown(world, movie)) {
    return { reply: unknownProject(quirks, project, quotaOf(world)) };
  }
  world.renders.polled(movie);
  const context = { nowMs: clock.now(), site, quirks, withJson: query.get('format') !== 'simple' };
  const view = movieView(movie, world.renders.shown(movie), context);
  return { reply: jsonReply(200, { success: true, movie: view, remaining_quota: quotaOf(world) }) };
};

/** `GET /v2/movies` without a project. `format=simple` is ignored here. */
export const readMovieList: CallHandler = (world, { call, query }) => {
  const page = listMovies(world, query);
  if (typeof page === 'string') return { reply: refusal(world.quirks.current, call, 400, page) };
  return { reply: jsonReply(200, { success: true, ...page, remaining_quota: quotaOf(world) }) };
};

/** Read-after-write lag of single reads; nobody knows whether there is any. */
function isStillUnknown({ clock, quirks }: World, movie: Movie): boolean {
  const lagMs = quirks.current.statusLagSeconds * 1000;
  return lagMs > 0 && clock.now() - movie.createdAtMs < lagMs;
}

/** Seconds of video that can still be paid; legacy accounts see their counts beside it. */
const quotaOf = ({ credits, plan }: World): JsonObject => ({ time: credits.balance, ...plan.quota() });

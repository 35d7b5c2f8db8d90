import { jsonReply, refusal, unknownProject } from '../http/reply.js';
import { projectParameter } from '../http/urls.js';
import type { CallHandler } from '../http/serve.js';
import type { JsonObject } from '../json.js';
import type { Movie } from '../movies/movie.js';
import { movieView } from '../movies/movie-view.js';
import type { World } from '../world.js';
import { listMovies } from './list.js';

/** True if `GET /v2/movies` asks for one movie; otherwise it asks for a page of the list. */
export const isSingle = (query: URLSearchParams): boolean => projectParameter(query) !== undefined;

/** Answers `GET /v2/movies?project=`. A failed render is a successful call: 200, with the reason inside. */
export const readMovieStatus: CallHandler = (world, { query }) => {
  const { clock, site } = world;
  const switches = world.switches.current;
  const project = projectParameter(query) ?? '';
  const movie = world.store.get(project);
  if (movie === undefined || isStillUnknown(world, movie)) {
    return { reply: unknownProject(switches, project, quotaOf(world)) };
  }
  world.renders.polled(movie);
  const context = { nowMs: clock.now(), site, switches, withJson: query.get('format') !== 'simple' };
  const view = movieView(movie, world.renders.shown(movie), context);
  return { reply: jsonReply(200, { success: true, movie: view, remaining_quota: quotaOf(world) }) };
};

/** Answers `GET /v2/movies` without a project, and ignores `format=simple`. */
export const readMovieList: CallHandler = (world, { call, query }) => {
  const page = listMovies(world, query);
  if (typeof page === 'string') return { reply: refusal(world.switches.current, call, 400, page) };
  return { reply: jsonReply(200, { success: true, ...page, remaining_quota: quotaOf(world) }) };
};

/** Answers `DELETE /v2/movies?project=`: removes the file, keeps the record, refunds nothing, stops no render. */
export const deleteMovie: CallHandler = (world, { call, query }) => {
  const switches = world.switches.current;
  const project = projectParameter(query) ?? '';
  if (!/^[A-Za-z0-9]{16}$/.test(project)) {
    const message = "A 16-character project ID must be provided in the 'project' query parameter";
    return { reply: refusal(switches, call, 400, message) };
  }
  const movie = world.store.get(project);
  if (movie === undefined) return { reply: unknownProject(switches, project) };
  const deletedAt = new Date(world.renders.remove(movie)).toISOString();
  const timestamp = new Date(world.clock.now()).toISOString();
  return { reply: jsonReply(200, { success: true, project, deleted_at: deletedAt, timestamp }) };
};

/** True while a single read does not know the movie yet (switch `statusLagSeconds`). */
function isStillUnknown({ clock, switches }: World, movie: Movie): boolean {
  const lagMs = switches.current.statusLagSeconds * 1000;
  return lagMs > 0 && clock.now() - movie.createdAtMs < lagMs;
}

/** Returns the seconds of video that the balance pays for; legacy accounts have counts beside it. */
const quotaOf = ({ credits, plan }: World): JsonObject => ({ time: credits.balance, ...plan.quota() });

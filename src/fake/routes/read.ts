import { movieView } from '../movie-view.js';
import { jsonReply, refusal, unknownProject } from '../reply.js';
import { projectParameter } from '../request-url.js';
import type { CallHandler } from '../serve.js';
import type { World } from '../world.js';
import { filesUrl } from '../world.js';
import { listMovies } from './list.js';

/** `GET /v2/movies`: one movie if a project is named, else a page of the list. */
export const isSingle = (query: URLSearchParams): boolean => projectParameter(query) !== undefined;

/** `GET /v2/movies?project=`. A failed render is no failed call: 200, with the reason inside. */
export const readMovieStatus: CallHandler = (world, { query }) => {
  const movie = world.renders.get(projectParameter(query) ?? '');
  if (movie === undefined) return { reply: unknownProject() };
  world.renders.polled(movie);
  const view = movieView(movie, world.renders.shown(movie), {
    nowMs: world.clock.now(),
    filesUrl: filesUrl(world),
    withJson: query.get('format') !== 'simple',
  });
  return { reply: jsonReply(200, { success: true, movie: view, remaining_quota: quota(world) }) };
};

/** `GET /v2/movies` without a project. `format=simple` is ignored here. */
export const readMovieList: CallHandler = (world, { call, query }) => {
  const page = listMovies(world, query);
  if (typeof page === 'string') return { reply: refusal(call, 400, page) };
  return { reply: jsonReply(200, { success: true, ...page, remaining_quota: quota(world) }) };
};

const quota = (world: World): { time: number } => ({ time: world.credits.balance });

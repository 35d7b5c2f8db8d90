import type { JsonObject } from '../json.js';
import { MAX_LIST_PAGE } from '../limits.js';
import type { Movie } from '../movie.js';
import { movieView } from '../movie-view.js';
import type { World } from '../world.js';
import { filesUrl } from '../world.js';
import type { ListWindow } from './list-window.js';
import { listWindow } from './list-window.js';

/**
 * One page of the list, newest first (the provider documents no order); a text: what is wrong with the call.
 * The cursor names the last movie shown, so movies accepted between two pages shift nothing.
 */
export function listMovies(world: World, query: URLSearchParams): JsonObject | string {
  const nowMs = world.clock.now();
  const window = listWindow(query, nowMs);
  if (typeof window === 'string') return window;
  const limit = limitOf(query.get('limit'));
  if (limit === undefined) return `limit must be between 1 and ${MAX_LIST_PAGE}`;
  const token = query.get('next_token') ?? '';
  const beforeSeq = token === '' ? Number.POSITIVE_INFINITY : seqOf(token);
  if (beforeSeq === undefined) return 'Invalid next_token';

  const remaining = listed(world, window).filter((movie) => movie.seq < beforeSeq);
  const page = remaining.slice(0, limit);
  const last = page.at(-1);
  const hasNext = remaining.length > page.length && last !== undefined;
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    count: page.length,
    limit,
    has_next: hasNext,
    has_prev: token !== '',
    next_token: hasNext ? tokenOf(last.seq) : null,
    movies: page.map((movie) =>
      movieView(movie, world.renders.shown(movie), { nowMs, filesUrl: filesUrl(world), withJson: true }),
    ),
  };
}

/** Movies of the period that the list knows of yet, newest first. Deleted ones stay listed. */
function listed(world: World, window: ListWindow): Movie[] {
  const filters = world.book.listFilters();
  const nowMs = world.clock.now();
  const isHidden = (movie: Movie): boolean =>
    filters.some(({ effect, concerns }) => {
      if (!concerns(movie)) return false;
      return effect.omit || nowMs - movie.createdAtMs < (effect.lagSeconds ?? 0) * 1000;
    });
  return world.renders
    .all()
    .filter((movie) => movie.createdAtMs >= window.fromMs && movie.createdAtMs <= window.toMs)
    .filter((movie) => !isHidden(movie))
    .toReversed();
}

function limitOf(text: string | null): number | undefined {
  if (text === null || text === '') return MAX_LIST_PAGE;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MAX_LIST_PAGE ? limit : undefined;
}

const tokenOf = (seq: number): string => Buffer.from(`before:${seq}`).toString('base64url');

function seqOf(token: string): number | undefined {
  const match = /^before:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

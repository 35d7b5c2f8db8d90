import type { Subject } from '../faults/standing-rule.js';
import type { JsonObject } from '../json.js';
import { MAX_LIST_PAGE } from '../limits.js';
import type { Movie } from '../movies/movie.js';
import { movieView } from '../movies/movie-view.js';
import type { World } from '../world.js';
import type { ListWindow } from './list-window.js';
import { listWindow } from './list-window.js';

/**
 * One page of the list; a text: what is wrong with the call. The provider documents no order (quirk `listOrder`).
 * The cursor names the last movie shown, so movies accepted between two pages shift nothing.
 */
export function listMovies(world: World, query: URLSearchParams): JsonObject | string {
  const window = listWindow(query, world.clock.now());
  if (typeof window === 'string') return window;
  const limit = limitOf(query.get('limit'));
  if (limit === undefined) return `limit must be between 1 and ${MAX_LIST_PAGE}`;
  const token = query.get('next_token') ?? '';
  const lastSeq = token === '' ? undefined : seqOf(token);
  if (token !== '' && lastSeq === undefined) return 'Invalid next_token';

  const { page, hasNext } = pageOf(world, window, lastSeq, limit);
  const last = page.at(-1);
  return {
    from: new Date(window.fromMs).toISOString(),
    to: new Date(window.toMs).toISOString(),
    count: page.length,
    limit,
    has_next: hasNext,
    has_prev: token !== '',
    next_token: hasNext && last !== undefined ? tokenOf(last.seq) : null,
    movies: page.map((movie) => listed(world, movie)),
  };
}

function listed(world: World, movie: Movie): JsonObject {
  const { clock, site, renders, quirks } = world;
  const context = { nowMs: clock.now(), site, quirks: quirks.current, withJson: true };
  return movieView(movie, renders.shown(movie), context);
}

interface Page {
  readonly page: Movie[];
  readonly hasNext: boolean;
}

function pageOf(world: World, window: ListWindow, lastSeq: number | undefined, limit: number): Page {
  const isHidden = hiding(world);
  const isOldestFirst = world.quirks.current.listOrder === 'oldest-first';
  const page: Movie[] = [];
  for (const movie of isOldestFirst ? world.store.all() : world.store.newestFirst()) {
    if (!isOldestFirst && movie.createdAtMs < window.fromMs) break;
    if (movie.createdAtMs < window.fromMs || movie.createdAtMs > window.toMs) continue;
    const isSeen = lastSeq !== undefined && (isOldestFirst ? movie.seq <= lastSeq : movie.seq >= lastSeq);
    if (isSeen || isHidden(movie)) continue;
    if (page.length === limit) return { page, hasNext: true };
    page.push(movie);
  }
  return { page, hasNext: false };
}

/** Which movies the list does not know of: too young for it, or left out by a rule. Deleted ones stay listed. */
function hiding(world: World): (movie: Movie & Subject) => boolean {
  const filters = world.book.listFilters();
  const nowMs = world.clock.now();
  const { listLagSeconds } = world.quirks.current;
  const isYoung = (movie: Movie, seconds: number): boolean => nowMs - movie.createdAtMs < seconds * 1000;
  return (movie) =>
    isYoung(movie, listLagSeconds) ||
    filters.some(({ effect, concerns }) => {
      return concerns(movie) && (effect.omit || isYoung(movie, effect.lagSeconds ?? 0));
    });
}

function limitOf(text: string | null): number | undefined {
  if (text === null || text === '') return MAX_LIST_PAGE;
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MAX_LIST_PAGE ? limit : undefined;
}

const tokenOf = (seq: number): string => Buffer.from(`after:${seq}`).toString('base64url');

function seqOf(token: string): number | undefined {
  const match = /^after:(\d{1,15})$/.exec(Buffer.from(token, 'base64url').toString('latin1'));
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

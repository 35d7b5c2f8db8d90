import type { Subject } from '../faults/standing-rule.js';
import type { JsonObject } from '../json.js';
import type { Movie } from '../movies/movie.js';
import { movieView } from '../movies/movie-view.js';
import type { World } from '../world.js';

/** The longest period that one list call may ask for, days. */
const MAX_LIST_DAYS = 93;

/** The largest page of a list, movies. Also the default. */
const MAX_LIST_PAGE = 100;

/**
 * Returns one page of the list; a text if the call is wrong. The provider documents no order (switch `listOrder`).
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
  const { clock, site, renders, switches } = world;
  const context = { nowMs: clock.now(), site, switches: switches.current, withJson: true };
  return movieView(movie, renders.shown(movie), context);
}

interface Page {
  readonly page: Movie[];
  readonly hasNext: boolean;
}

function pageOf(world: World, window: ListWindow, lastSeq: number | undefined, limit: number): Page {
  const isHidden = hiding(world);
  const isOldestFirst = world.switches.current.listOrder === 'oldest-first';
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

/** Returns the test for movies that are not listed: too young, or left out by a rule. Deleted ones stay listed. */
function hiding(world: World): (movie: Movie & Subject) => boolean {
  const filters = world.book.listFilters();
  const nowMs = world.clock.now();
  const { listLagSeconds } = world.switches.current;
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

/** A period of the list; both ends belong to it. Milliseconds since the epoch. */
interface ListWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const DAY_MS = 24 * 3_600_000;
const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Returns the period of a list call; a text if it is wrong. Without parameters it is the current calendar month (UTC)
 * to the end of today, so on the 1st yesterday's movies are not in it.
 */
function listWindow(query: URLSearchParams, nowMs: number): ListWindow | string {
  const from = query.get('date_start') ?? query.get('from');
  const to = query.get('date_end') ?? query.get('to');
  const fromMs = from === null ? monthStart(nowMs) : dayOrInstant(from, 'start');
  const toMs = to === null ? dayStart(nowMs) + DAY_MS - 1 : dayOrInstant(to, 'end');
  if (fromMs === undefined) return 'Invalid date_start';
  if (toMs === undefined) return 'Invalid date_end';
  if (toMs - fromMs > MAX_LIST_DAYS * DAY_MS) return `The date range cannot exceed ${MAX_LIST_DAYS} days`;
  return { fromMs, toMs };
}

/** Reads a date, which stands for its whole day, or a time. Times without a zone are UTC. */
function dayOrInstant(text: string, edge: 'start' | 'end'): number | undefined {
  if (DATE_ONLY.test(text)) {
    const midnightMs = Date.parse(`${text}T00:00:00.000Z`);
    if (Number.isNaN(midnightMs)) return undefined;
    return edge === 'start' ? midnightMs : midnightMs + DAY_MS - 1;
  }
  const hasZone = /(Z|[+-]\d{2}:?\d{2})$/i.test(text);
  const ms = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(hasZone ? text : `${text}Z`) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function monthStart(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1);
}

const dayStart = (nowMs: number): number => Math.floor(nowMs / DAY_MS) * DAY_MS;

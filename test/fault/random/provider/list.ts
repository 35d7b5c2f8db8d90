import type { Habits } from './habits.js';
import type { Json, Movie, Movies } from './movies.js';
import { REMAINING_QUOTA } from './read.js';
import { fault, html, json, type Reply } from './reply.js';
import { movieReply, timeText } from './shape.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MOST_DAYS = 93;

/** A period of the list, as times of the provider's clock. */
interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Answers a GET of the list (3.5). */
export function readList(account: string, query: URLSearchParams, movies: Movies, habits: Habits): Reply {
  const limit = Number(query.get('limit') ?? 100);
  if (!(limit >= 1 && limit <= 100)) return fault(400, "Parameter 'limit' must be between 1 and 100", habits);
  if (limit > habits.failsAboveLimit) return html(502, 'Bad Gateway');
  const window = windowOf(query, habits);
  if (window === undefined) return fault(400, 'Invalid date range', habits);
  const inWindow = movies.of(account).filter((movie) => {
    const createdMs = movie.atMs + habits.clockMs;
    return createdMs >= window.fromMs && createdMs <= window.toMs;
  });
  const listed = ordered(
    inWindow.filter(({ listedAtMs }) => listedAtMs <= Date.now()),
    habits.order,
  );
  const start = Number(query.get('next_token')?.replace(/^t-/, '') ?? 0);
  if (!Number.isInteger(start) || start < 0) return fault(400, 'Invalid next_token', habits);
  const most = Math.min(limit, habits.pageMost);
  const shown = listed.slice(start, start + most);
  const hasNext = start + most < listed.length;
  return json(200, {
    success: true,
    ...boundsOf(window, habits),
    count: countOf(habits.count, { shown, listed, inWindow }),
    limit: most,
    ...hasNextMember(habits.hasNext, hasNext),
    has_prev: start > 0,
    ...tokenMember(habits.lastToken, hasNext ? `t-${start + most}` : undefined),
    movies: shown.map((movie) =>
      movieReply(movie, { clientData: habits.listClientData, json: habits.listJson }, habits.clockMs),
    ),
    remaining_quota: REMAINING_QUOTA,
  });
}

/** The period that is listed: what was asked for, in the provider's own days, or the month that has begun. */
function windowOf(query: URLSearchParams, habits: Habits): Window | undefined {
  const { window, zoneHours, startsAfter, clockMs } = habits;
  const zoneMs = zoneHours * HOUR_MS;
  const local = new Date(Date.now() + clockMs + zoneMs);
  const monthMs = Date.UTC(local.getUTCFullYear(), local.getUTCMonth()) - zoneMs;
  const todayEndMs = Math.floor(local.getTime() / DAY_MS) * DAY_MS + DAY_MS - 1 - zoneMs;
  if (window === 'this month') return { fromMs: monthMs, toMs: todayEndMs };
  const fromMs =
    boundMs(query.get('date_start') ?? query.get('from'), zoneMs, startsAfter ? DAY_MS : 0) ?? monthMs;
  const toMs = boundMs(query.get('date_end') ?? query.get('to'), zoneMs, DAY_MS - 1) ?? todayEndMs;
  const isFit = !Number.isNaN(fromMs + toMs) && toMs - fromMs <= MOST_DAYS * DAY_MS;
  return isFit ? { fromMs, toMs } : undefined;
}

/** A bound as a time, or as a day of the provider's, of which it is so far into. */
function boundMs(text: string | null, zoneMs: number, intoMs: number): number | undefined {
  if (text === null || text === '') return undefined;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  return isDay ? Date.parse(`${text}T00:00:00.000Z`) - zoneMs + intoMs : Date.parse(text);
}

function boundsOf({ fromMs, toMs }: Window, { bounds, zoneHours }: Habits): Json {
  const text = (ms: number): string =>
    bounds === 'time' ? timeText(ms, 0) : timeText(ms, zoneHours * HOUR_MS).slice(0, 10);
  return { from: text(fromMs), to: text(toMs) };
}

function ordered(movies: readonly Movie[], order: Habits['order']): readonly Movie[] {
  switch (order) {
    case 'oldest':
      return movies;
    case 'newest':
      return movies.toReversed();
    case 'project':
      return movies.toSorted((one, other) => one.project.localeCompare(other.project));
    case 'none':
      // Without an order for people, though the same for each page.
      return movies.toSorted((one, other) => one.life.runningMs - other.life.runningMs);
  }
}

function countOf(
  count: Habits['count'],
  { shown, listed, inWindow }: Readonly<Record<'shown' | 'listed' | 'inWindow', readonly Movie[]>>,
): number {
  if (count === 'page') return shown.length;
  return count === 'all' ? listed.length : inWindow.length;
}

function hasNextMember(shape: Habits['hasNext'], hasNext: boolean): Json {
  if (shape === 'absent') return {};
  return { has_next: shape === 'text' ? String(hasNext) : hasNext };
}

function tokenMember(last: Habits['lastToken'], token: string | undefined): Json {
  if (token !== undefined) return { next_token: token };
  return last === 'absent' ? {} : { next_token: last === 'null' ? null : '' };
}

import { errors } from 'undici';
import { parseJson } from '../text/json.js';
import { messageOf, shorten } from '../text/text.js';
import { DAY_MS } from '../text/time.js';
import { CACHED } from './classify-reading.js';
import { type HttpGet, type HttpReply, withQuery } from './http-get.js';
import { checkWindow, PageCount } from './list-checks.js';
import { type MovieReply, pageReply } from './movie-reply.js';

/** Movies on one page; the provider's maximum. */
const PAGE_MOVIES = 100;

/** One page carries the whole JSON of every movie as text. A movie of 1.5 MB, escaped twice, fits. */
const PAGE_BYTES = 16_000_000;

/** A page of that size may be slow. */
const PAGE_MS = 60_000;

/** The provider lists at most 93 days at once. */
const LIST_DAYS = 93;

/** Days from the first to the last day of one call. Both count as whole days, and one day remains as a margin. */
const CALL_DAYS = LIST_DAYS - 2;

/** Period of the list; without an end it lasts until now. */
interface ListPeriod {
  readonly since: Date;
  readonly until?: Date | undefined;
}

type Days = Parameters<typeof checkWindow>[1];

/** What the pages of a list are read with. */
interface Asking {
  readonly get: HttpGet;
  readonly movies: URL;
  readonly headers: Record<string, string>;
}

/**
 * Lists the provider's movies of a period, page by page to the end. Movies up to three days outside the period may be in
 * the list, and a movie may come twice. A page may be empty, and it is emptied before the next one is read. Throws as soon
 * as a page is not whole and well-formed, comes from a cache, or contradicts what was asked: a part of the list does not
 * prove that a movie is absent.
 */
export async function* listMovies(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  period: ListPeriod,
  now: number,
): AsyncGenerator<readonly MovieReply[]> {
  for (const days of callsFor(period, now)) yield* listDays({ get, movies, headers }, days);
}

/**
 * Returns the days of the calls that cover a period of any length. Days are the finest unit that all pages of the
 * documentation agree on. They say neither in which time zone a day begins nor if a list includes its last day. So the
 * first call begins a day early, each next call begins with the last day of the one before, and the last ends two days late.
 */
function* callsFor({ since, until }: ListPeriod, now: number): Generator<Days> {
  const today = Math.floor(now / DAY_MS);
  const last = until === undefined ? today : Math.floor(until.getTime() / DAY_MS) + 2;
  let start = Math.floor(since.getTime() / DAY_MS) - 1;
  for (; start + CALL_DAYS < Math.min(last, today); start += CALL_DAYS) {
    yield { start, end: start + CALL_DAYS };
  }
  // Without an end the provider lists to the end of today; without a start it would list this month only.
  yield last < today ? { start, end: last } : { start };
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

async function* listDays(asking: Asking, days: Days): AsyncGenerator<readonly MovieReply[]> {
  const query = new URLSearchParams({ date_start: dateOf(days.start) });
  if (days.end !== undefined) query.set('date_end', dateOf(days.end));
  const tokens = new Set<string>();
  const count = new PageCount();
  for (let limit = PAGE_MOVIES; ;) {
    query.set('limit', String(limit));
    const page = await readPage(asking, query, limit);
    // A silent page may be the last: if a smaller one has a token, the provider gives one whenever a page follows.
    if (page === 'too large' || (tokens.size === 0 && isSilent(page, limit))) {
      if (limit === 1) throw new Error('the list does not say if more movies follow');
      limit = Math.floor(limit / 2);
      // Shows the consumer that the reading goes on.
      yield [];
      continue;
    }
    checkWindow(page, days);
    const isLast = count.add(page);
    const { movies, next_token: token } = page;
    yield movies;
    // The frames of generator and consumer still hold the array: two pages of 16 MB would be in memory.
    movies.length = 0;
    if (isLast) return;
    if (token === null) throw new Error('the list has a next page, but no token for it');
    if (tokens.has(token)) throw new Error('the list repeats a page');
    tokens.add(token);
    query.set('next_token', token);
  }
}

type Page = Exclude<Awaited<ReturnType<typeof readPage>>, string>;

/** True if a full page says neither that another follows nor that none does. */
function isSilent({ movies, has_next, next_token }: Page, limit: number): boolean {
  return (has_next ?? next_token) === null && movies.length >= limit;
}

/** Reads one page; `too large` if the provider, or the way to it, may manage a smaller one. */
async function readPage({ get, movies, headers }: Asking, query: URLSearchParams, limit: number) {
  let reply: HttpReply;
  try {
    reply = await get(withQuery(movies, query), headers, { timeoutMs: PAGE_MS, maxBytes: PAGE_BYTES });
  } catch (error) {
    if (!(error instanceof errors.ResponseExceededMaxSizeError)) throw error;
    if (limit > 1) return 'too large';
    throw new Error(`the list cannot be read: a page of one movie: ${messageOf(error)}`, { cause: error });
  }
  const { status, body, isCached = false } = reply;
  if (status >= 500 && limit > 1) return 'too large';
  if (isCached) throw new Error(`the list cannot be read: ${CACHED}`);
  const parsed = status === 200 ? pageReply.safeParse(parseJson(body)) : undefined;
  if (parsed?.success !== true) {
    throw new Error(`the list cannot be read: HTTP ${status} ${shorten(body, 120)}`);
  }
  return parsed.data;
}

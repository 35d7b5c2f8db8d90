import { errors } from 'undici';
import { z } from 'zod';
import { parseJson } from '../text/json.js';
import { shorten } from '../text/text.js';
import type { HttpGet, HttpReply } from './http-get.js';
import { movieReply, type MovieReply } from './movie-reply.js';

const page = z.object({
  movies: z.array(movieReply),
  has_next: z.boolean().nullish(),
  next_token: z.string().nullish(),
});

/** Movies on one page; the provider's maximum. */
const PAGE_MOVIES = 100;

/** Page size after a page of the full size was over `PAGE_BYTES`: ten movies of 1.5 MB, escaped, fit. */
const SMALL_PAGE_MOVIES = 10;

/** One page carries the whole JSON of every movie as text. */
const PAGE_BYTES = 64_000_000;

/** A page of that size may be slow. */
const PAGE_MS = 60_000;

/** 100,000 movies in one look. A longer list is broken, and the look must end. */
const PAGES = 1_000;

/** The provider lists at most 93 days at once. */
const LIST_DAYS = 93;

const DAY_MS = 86_400_000;

/** Days from the first to the last day of one call. Both count as whole days, and one day remains as a margin. */
const CALL_DAYS = LIST_DAYS - 2;

/** Period of the list; without an end it lasts until now. */
interface ListPeriod {
  readonly since: Date;
  readonly until?: Date | undefined;
}

/**
 * Lists the provider's movies of a period, page by page to the end. Movies up to two days outside the period may be in
 * the list, and a movie may come twice. Throws as soon as a page is not whole and well-formed: a part of the list does
 * not prove that a movie is absent.
 */
export async function* listMovies(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  period: ListPeriod,
  now: number,
): AsyncGenerator<readonly MovieReply[]> {
  for (const days of callsFor(period, now)) yield* listDays(get, movies, headers, days);
}

/**
 * Returns the queries of the calls that cover a period of any length. Days are the finest unit that all pages of the
 * documentation agree on. They do not say if a list includes its last day, so the next call begins with that day, and
 * the last call ends a day late.
 */
function* callsFor({ since, until }: ListPeriod, now: number): Generator<URLSearchParams> {
  const today = Math.floor(now / DAY_MS);
  const last = until === undefined ? today : Math.floor(until.getTime() / DAY_MS) + 1;
  let start = Math.floor(since.getTime() / DAY_MS);
  for (; start + CALL_DAYS < Math.min(last, today); start += CALL_DAYS) {
    yield new URLSearchParams({ date_start: dateOf(start), date_end: dateOf(start + CALL_DAYS) });
  }
  // Without an end the provider lists to the end of today; without a start it would list this month only.
  yield new URLSearchParams({
    date_start: dateOf(start),
    ...(last < today ? { date_end: dateOf(last) } : {}),
  });
}

const dateOf = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

async function* listDays(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  days: URLSearchParams,
): AsyncGenerator<readonly MovieReply[]> {
  const query = new URLSearchParams(days);
  const seen = new Set<string>();
  for (let count = 1; count <= PAGES; count += 1) {
    const { movies: found, has_next, next_token } = await readPage(get, movies, headers, query);
    yield found;
    if (has_next !== true) return;
    if (!next_token) throw new Error('the list has a next page, but no token for it');
    if (seen.has(next_token)) throw new Error('the list repeats a page');
    seen.add(next_token);
    query.set('next_token', next_token);
  }
  throw new Error(`the list has more than ${PAGES} pages`);
}

async function readPage(get: HttpGet, movies: URL, headers: Record<string, string>, query: URLSearchParams) {
  const reply = await getPage(get, movies, headers, query);
  const parsed = reply.status === 200 ? page.safeParse(parseJson(reply.body)) : undefined;
  if (parsed?.success === true) return parsed.data;
  throw new Error(`the list cannot be read: HTTP ${reply.status} ${shorten(reply.body, 120)}`);
}

async function getPage(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  query: URLSearchParams,
): Promise<HttpReply> {
  const limits = { timeoutMs: PAGE_MS, maxBytes: PAGE_BYTES };
  const ask = (limit: number): Promise<HttpReply> => {
    const url = new URL(movies);
    url.search = new URLSearchParams([...query, ['limit', String(limit)]]).toString();
    return get(url, headers, limits);
  };
  try {
    return await ask(PAGE_MOVIES);
  } catch (error) {
    if (error instanceof errors.ResponseExceededMaxSizeError) return ask(SMALL_PAGE_MOVIES);
    throw error;
  }
}

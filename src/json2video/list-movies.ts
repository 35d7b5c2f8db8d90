import { errors } from 'undici';
import { z } from 'zod';
import { parseJson } from '../text/json.js';
import {
  LIST_DAYS,
  LIST_PAGE_BYTES,
  LIST_PAGE_MOVIES,
  LIST_PAGE_MS,
  LIST_PAGES,
  LIST_SMALL_PAGE_MOVIES,
} from '../render/limits.js';
import { shorten } from '../text/text.js';
import type { HttpGet, HttpReply } from './http-get.js';
import { movieReply, type MovieReply } from './movie-reply.js';

const page = z.object({
  movies: z.array(movieReply),
  has_next: z.boolean().nullish(),
  next_token: z.string().nullish(),
});

const DAY_MS = 86_400_000;

/** Days from the first to the last of one call; both count whole, and a day is left for a provider that counts otherwise. */
const CALL_DAYS = LIST_DAYS - 2;

/** A period of the list; without an end it reaches to now. */
export interface ListPeriod {
  readonly since: Date;
  readonly until?: Date | undefined;
}

/**
 * The provider's list for a period, page by page to its end. What lies up to two days beyond an end of the period may
 * be in it, and a movie may come twice. Throws as soon as a page is not whole and well-formed: a list that was read in
 * part says nothing about what it does not show.
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
 * The calls that cover a period of any length. Days are the finest that every page of the documentation agrees on.
 * Whether the last day of a call is in its list is not documented, so the next call begins with it, and the last call
 * ends a day late.
 */
export function* callsFor({ since, until }: ListPeriod, now: number): Generator<URLSearchParams> {
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
  for (let count = 1; count <= LIST_PAGES; count += 1) {
    const { movies: found, has_next, next_token } = await readPage(get, movies, headers, query);
    yield found;
    if (has_next !== true) return;
    if (!next_token) throw new Error('the list goes on, and does not say where');
    if (seen.has(next_token)) throw new Error('the list repeats a page');
    seen.add(next_token);
    query.set('next_token', next_token);
  }
  throw new Error(`the list has more than ${LIST_PAGES} pages`);
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
  const limits = { timeoutMs: LIST_PAGE_MS, maxBytes: LIST_PAGE_BYTES };
  const ask = (limit: number): Promise<HttpReply> => {
    const url = new URL(movies);
    url.search = new URLSearchParams([...query, ['limit', String(limit)]]).toString();
    return get(url, headers, limits);
  };
  try {
    return await ask(LIST_PAGE_MOVIES);
  } catch (error) {
    if (error instanceof errors.ResponseExceededMaxSizeError) return ask(LIST_SMALL_PAGE_MOVIES);
    throw error;
  }
}

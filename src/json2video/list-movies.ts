import { errors } from 'undici';
import { z } from 'zod';
import { parseJson } from '../render/json.js';
import {
  LIST_DAYS,
  LIST_PAGE_BYTES,
  LIST_PAGE_MOVIES,
  LIST_PAGE_MS,
  LIST_PAGES,
  LIST_SMALL_PAGE_MOVIES,
} from '../render/limits.js';
import { shorten } from '../render/text.js';
import type { HttpGet, HttpReply } from './http-get.js';
import { movieReply, type MovieReply } from './movie-reply.js';

const page = z.object({
  movies: z.array(movieReply),
  has_next: z.boolean().nullish(),
  next_token: z.string().nullish(),
});

const DAY_MS = 86_400_000;

/**
 * The provider's list from a time on, page by page to its end. Throws as soon as a page is not whole and well-formed:
 * a list that was read in part says nothing about what it does not show.
 */
export async function* listMovies(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  since: Date,
  now: number,
): AsyncGenerator<readonly MovieReply[]> {
  // Days are the finest that every page of the documentation agrees on; the default would be this month only.
  const earliest = Math.max(since.getTime(), now - (LIST_DAYS - 1) * DAY_MS);
  const query = new URLSearchParams({ date_start: new Date(earliest).toISOString().slice(0, 10) });
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

import { type JsonObject, parseJson } from '../render/json.js';
import { HTTP_GET_MS, REPLY_BYTES } from '../render/limits.js';
import type { Reading } from '../render/reading.js';
import type { SubmissionEvidence } from '../render/submission.js';
import { messageOf, shorten } from '../render/text.js';
import { classifyReading } from './classify-reading.js';
import { hiding } from './hidden-key.js';
import { createHttpGet, type HttpGet } from './http-get.js';
import { listMovies } from './list-movies.js';
import { type MovieReply, singleReply } from './movie-reply.js';
import { postMovie, type PostRequest } from './post-movie.js';

/** Which provider, and as whom. */
export interface Json2VideoOptions {
  /** Base URL without `/v2`, e.g. `https://api.json2video.com`. */
  readonly url: string;
  readonly apiKey: string;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
}

/** The part of the provider's API that a render needs. */
export interface Json2Video {
  /** One POST, at most once; see `postMovie`. */
  submit(movie: JsonObject, how: SubmitTerms): Promise<SubmissionEvidence>;
  /** One GET of one project. Never throws: what cannot be read is a reading too. */
  read(project: string, timeoutMs?: number): Promise<Reading>;
  /** All movies of a period, page by page; throws where the list cannot be read to its end. See `listMovies`. */
  list(since: Date, until?: Date): AsyncIterable<readonly MovieReply[]>;
  /** One movie as the provider reports it, or nothing where it does not know the project; throws where it cannot be read. */
  find(project: string): Promise<MovieReply | undefined>;
  close(): Promise<void>;
}

export type SubmitTerms = Pick<PostRequest, 'connectTimeoutMs' | 'replyTimeoutMs' | 'fence' | 'mayBegin'>;

/** A client of the provider; close it in the end. It sends nothing by itself. */
export function createJson2Video({ url, apiKey, now }: Json2VideoOptions): Json2Video {
  const http = createHttpGet(now);
  const withoutKey = hiding(apiKey);
  const get: HttpGet = async (...request) => withoutKey(await http.get(...request));
  const headers = { 'x-api-key': apiKey, accept: 'application/json' };
  const movies = new URL('/v2/movies', url);

  return {
    submit: async (movie, how) => {
      const body = JSON.stringify(movie);
      const postHeaders = { ...headers, 'content-type': 'application/json' };
      return withoutKey(await postMovie({ ...how, url: movies, headers: postHeaders, body, now }));
    },
    read: async (project, timeoutMs = HTTP_GET_MS) => {
      const target = new URL(movies);
      target.search = new URLSearchParams({ project, format: 'simple' }).toString();
      try {
        return classifyReading(await get(target, headers, { timeoutMs, maxBytes: REPLY_BYTES }));
      } catch (error) {
        return { says: 'unreadable', message: shorten(`JSON2Video cannot be reached: ${messageOf(error)}`) };
      }
    },
    list: (since, until) => listMovies(get, movies, headers, { since, until }, now()),
    find: async (project) => {
      const target = new URL(movies);
      target.search = new URLSearchParams({ project }).toString();
      const reply = await get(target, headers);
      const parsed = singleReply.safeParse(parseJson(reply.body));
      if (parsed.success && reply.status === 200) return parsed.data.movie;
      const reading = classifyReading(reply);
      if (reading.says === 'missing') return undefined;
      throw new Error(`project ${project} cannot be read: HTTP ${reply.status}`);
    },
    close: http.close,
  };
}

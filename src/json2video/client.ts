import { type JsonObject, parseJson } from '../text/json.js';
import { HTTP_GET_MS, REPLY_BYTES } from '../render/limits.js';
import type { Reading } from '../render/reading.js';
import type { SubmissionEvidence } from '../render/submission.js';
import { messageOf, shorten } from '../text/text.js';
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
  /** Told of every request, for metrics and traces. */
  readonly onRequest?: OnRequest;
}

/** What is asked of the provider, as its own oracle names it; `find` is a GET of one whole movie. */
export type ProviderCall = 'create' | 'status' | 'list' | 'find';

/** Called when a request begins; what it returns is called when that has ended. */
export type OnRequest = (call: ProviderCall) => (status: RequestStatus) => void;

/** The reply's HTTP status; `none` where no whole reply came, `unsent` where no byte left. */
export type RequestStatus = number | 'none' | 'unsent';

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
export function createJson2Video({
  url,
  apiKey,
  now,
  onRequest = () => () => undefined,
}: Json2VideoOptions): Json2Video {
  const http = createHttpGet(now);
  const withoutKey = hiding(apiKey);
  const getFor = (call: ProviderCall): HttpGet => {
    const get = watched(http.get, () => onRequest(call));
    return async (...request) => withoutKey(await get(...request));
  };
  const headers = { 'x-api-key': apiKey, accept: 'application/json' };
  const movies = new URL('/v2/movies', url);

  return {
    submit: async (movie, how) => {
      const body = JSON.stringify(movie);
      const postHeaders = { ...headers, 'content-type': 'application/json' };
      const ended = onRequest('create');
      const evidence = await postMovie({ ...how, url: movies, headers: postHeaders, body, now });
      ended(statusOf(evidence));
      return withoutKey(evidence);
    },
    read: async (project, timeoutMs = HTTP_GET_MS) => {
      const target = new URL(movies);
      target.search = new URLSearchParams({ project, format: 'simple' }).toString();
      try {
        return classifyReading(await getFor('status')(target, headers, { timeoutMs, maxBytes: REPLY_BYTES }));
      } catch (error) {
        return { says: 'unreadable', message: shorten(`JSON2Video cannot be reached: ${messageOf(error)}`) };
      }
    },
    list: (since, until) => listMovies(getFor('list'), movies, headers, { since, until }, now()),
    find: (project) => findMovie(getFor('find'), movies, headers, project),
    close: http.close,
  };
}

function statusOf(evidence: SubmissionEvidence): RequestStatus {
  if (evidence.from === 'reply') return evidence.complete ? evidence.status : 'none';
  return evidence.from === 'connection' && evidence.bytesMayHaveLeft ? 'none' : 'unsent';
}

/** A GET whose begin and end are told. */
function watched(get: HttpGet, begins: () => ReturnType<OnRequest>): HttpGet {
  return async (...request) => {
    const ended = begins();
    try {
      const reply = await get(...request);
      ended(reply.status);
      return reply;
    } catch (error) {
      ended('none');
      throw error;
    }
  };
}

async function findMovie(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  project: string,
): Promise<MovieReply | undefined> {
  const target = new URL(movies);
  target.search = new URLSearchParams({ project }).toString();
  const reply = await get(target, headers);
  const parsed = singleReply.safeParse(parseJson(reply.body));
  if (parsed.success && reply.status === 200) return parsed.data.movie;
  const reading = classifyReading(reply);
  if (reading.says === 'missing') return undefined;
  throw new Error(`project ${project} cannot be read: HTTP ${reply.status}`);
}

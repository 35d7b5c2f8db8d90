import { createHash } from 'node:crypto';
import { type JsonObject, parseJson } from '../text/json.js';
import type { Reading } from '../render/reading.js';
import type { SubmissionEvidence } from '../render/submission.js';
import { ConfigInvalid } from '../render/errors.js';
import { headerFault } from '../text/secret.js';
import { reachFault } from '../text/reach-fault.js';
import { shorten } from '../text/text.js';
import { CACHED, classifyReading } from './classify-reading.js';
import { createHttpGet, type HttpGet, type HttpReply, withQuery } from './http-get.js';
import { listMovies } from './list-movies.js';
import { type MovieReply, singleReply } from './movie-reply.js';
import { probeAccount } from './probe-account.js';
import { postMovie, type PostRequest } from './post-movie.js';
import { proxyFor } from './proxy.js';
import { createReadTemplate } from './read-template.js';

/** Address and account of the provider. */
export interface Json2VideoOptions {
  /** Base URL without `/v2`, e.g. `https://api.json2video.com`; it may have a path. */
  readonly url: string;
  readonly apiKey: string;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Variables that may name a proxy: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. By default those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Called for every request, for metrics and traces. */
  readonly onRequest?: OnRequest;
}

/** Kinds of requests. `find` is a GET of one whole movie; the other names are those of the local provider's ledger. */
type ProviderCall = 'create' | 'status' | 'list' | 'find' | 'probe' | 'template';

/** Callback at the begin of a request. It returns the callback for the end of that request. */
export type OnRequest = (call: ProviderCall) => (status: RequestStatus) => void;

/** HTTP status of the reply; `none` if no whole reply arrived, `unsent` if no byte was sent. */
type RequestStatus = number | 'none' | 'unsent';

/** Client for the part of the provider's API that a render needs. */
export interface Json2Video {
  /** Name of the account; see `accountOf`. Another key of the same account has another name. */
  readonly account: string;
  /** Sends one POST, at most once; see `postMovie`. */
  submit(movie: JsonObject, how: SubmitTerms): Promise<SubmissionEvidence>;
  /** Asks for the status of one project. Never throws: an unreadable reply is a reading too. */
  read(project: string, timeoutMs?: number): Promise<Reading>;
  /**
   * Lists all movies of a period, page by page; throws if the list cannot be read to its end. A page is emptied before the
   * next one is read. See `listMovies`.
   */
  list(since: Date, until?: Date): AsyncIterable<readonly MovieReply[]>;
  /** Returns one movie, or undefined if the provider does not know the project; throws if the reply is unreadable. */
  find(project: string): Promise<MovieReply | undefined>;
  /** Asks if key, credits and connection are fine, by the cheapest GET. Never throws. */
  probe(): ReturnType<typeof probeAccount>;
  /** Reads what a template render would replace of its template; remembers it for 5 minutes. Never throws. */
  readonly template: ReturnType<typeof createReadTemplate>;
  /** Reads templates with a query of the caller; rejects unless the whole reply arrives. */
  templates(query: URLSearchParams): Promise<HttpReply>;
  close(): Promise<void>;
}

type SubmitTerms = Pick<PostRequest, 'connectTimeoutMs' | 'replyTimeoutMs' | 'fence' | 'mayBegin'>;

/**
 * Creates a client of the provider. It sends nothing by itself. The caller closes it.
 *
 * @throws ConfigInvalid if no header can carry the key, or if the variables name an unusable proxy
 */
export function createJson2Video({
  url,
  apiKey,
  now,
  env = process.env,
  onRequest = () => () => undefined,
}: Json2VideoOptions): Json2Video {
  requireSendable(apiKey);
  const movies = moviesAt(url);
  const proxy = proxyFor(movies, env);
  const http = createHttpGet(now, proxy);
  const withoutKey = hiding(apiKey);
  const getFor = (call: ProviderCall): HttpGet => {
    const get = watched(http.get, () => onRequest(call));
    return async (...request) => withoutKey(await get(...request));
  };
  const headers = { 'x-api-key': apiKey, accept: 'application/json' };
  // An old answer of a cache would say that an accepted movie is absent.
  const getHeaders = { ...headers, 'cache-control': 'no-cache' };

  return {
    account: accountOf(apiKey),
    submit: async (movie, how) => {
      const body = JSON.stringify(movie);
      const postHeaders = { ...headers, 'content-type': 'application/json' };
      const ended = onRequest('create');
      const evidence = await postMovie({ ...how, proxy, url: movies, headers: postHeaders, body, now });
      ended(statusOf(evidence));
      return withoutKey(evidence);
    },
    read: (project, timeoutMs) => readMovie(getFor('status'), movies, getHeaders, project, timeoutMs),
    list: (since, until) => listMovies(getFor('list'), movies, getHeaders, { since, until }, now()),
    find: (project) => findMovie(getFor('find'), movies, getHeaders, project),
    template: createReadTemplate(getFor('template'), templatesBeside(movies), getHeaders, now),
    templates: (query) => getFor('template')(withQuery(templatesBeside(movies), query), getHeaders),
    probe: () => probeAccount(getFor('probe'), movies, getHeaders, now),
    close: http.close,
  };
}

function requireSendable(apiKey: string): void {
  const fault = headerFault(apiKey);
  if (fault === undefined) return;
  throw new ConfigInvalid(`the API key ${fault}`, 'Give the key as the dashboard of JSON2Video shows it.');
}

/** Returns the address of the movies below a base URL, which may have a path, with `/v2` or without. */
function moviesAt(base: string): URL {
  const movies = new URL(base);
  movies.pathname = `${movies.pathname.replace(/(\/v2)?\/*$/, '')}/v2/movies`;
  movies.hash = '';
  return movies;
}

function templatesBeside(movies: URL): URL {
  const templates = new URL(movies);
  templates.pathname = movies.pathname.replace(/movies$/, 'templates');
  return templates;
}

function statusOf(evidence: SubmissionEvidence): RequestStatus {
  if (evidence.from === 'reply') return evidence.complete ? evidence.status : 'none';
  return evidence.from === 'connection' && evidence.bytesMayHaveLeft ? 'none' : 'unsent';
}

/** Wraps a GET so that `begins` sees its start, and its status at the end. */
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

async function readMovie(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  project: string,
  timeoutMs: number | undefined,
): Promise<Reading> {
  const query = new URLSearchParams({ project, format: 'simple' });
  try {
    return classifyReading(await get(withQuery(movies, query), headers, { timeoutMs }));
  } catch (error) {
    return { says: 'unreadable', message: shorten(`JSON2Video cannot be reached: ${reachFault(error)}`) };
  }
}

async function findMovie(
  get: HttpGet,
  movies: URL,
  headers: Record<string, string>,
  project: string,
): Promise<MovieReply | undefined> {
  const reply = await get(withQuery(movies, [['project', project]]), headers);
  if (reply.isCached === true) throw new Error(`project ${project} cannot be read: ${CACHED}`);
  const parsed = singleReply.safeParse(parseJson(reply.body));
  if (parsed.success && reply.status === 200) return parsed.data.movie;
  const reading = classifyReading(reply);
  if (reading.says === 'missing') return undefined;
  throw new Error(`project ${project} cannot be read: HTTP ${reply.status}`);
}

/** Returns a name for the account of an API key that tells nothing of the key: 12 hex digits. */
function accountOf(apiKey: string): string {
  return createHash('sha256').update(`renderonce account\n${apiKey}`, 'utf8').digest('hex').slice(0, 12);
}

/** Shorter keys are test keys, and other words may contain them. */
const API_KEY_CHARACTERS = 8;

/** Returns a function that removes the API key from a reply: it must not reach a history, a log or an error. */
function hiding(apiKey: string): <T extends object>(reply: T) => T {
  if (apiKey.length < API_KEY_CHARACTERS) return (reply) => reply;
  return (reply) =>
    'body' in reply && typeof reply.body === 'string'
      ? { ...reply, body: reply.body.replaceAll(apiKey, '[API key]') }
      : reply;
}

import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pick, type Random } from '../../../support/random.js';
import { chance, randomOf } from '../draw.js';
import { Cache } from './cache.js';
import { Creating } from './create.js';
import type { Nature } from './fates.js';
import type { Habits } from './habits.js';
import { readList } from './list.js';
import { type Accepted, Movies } from './movies.js';
import { readOne } from './read.js';
import { fault, html, json, type Reply, send, sendHalf } from './reply.js';

/** Options of a provider. */
export interface ProviderOptions {
  readonly seed: string;
  readonly habits: Habits;
  /** API keys, and the account that each belongs to. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly natureOf: (key: string) => Nature;
  /** Accepts every movie twice: a bug for the checker's control. */
  readonly doubles?: boolean;
}

/**
 * A second JSON2Video for the proof, written from the API page alone. It shares no code with the local one, so that the
 * product and its first oracle cannot share a belief with it. Its habits are drawn within what the page leaves open.
 */
export interface RandomProvider {
  readonly url: string;
  /** The ledger: every accepted POST, oldest first. */
  readonly accepted: readonly Accepted[];
  /** The keys of POSTs that were neither accepted nor answered. */
  readonly lost: readonly string[];
  close(): Promise<void>;
}

export async function openRandomProvider(options: ProviderOptions): Promise<RandomProvider> {
  const closing = new AbortController();
  // Each POST and each delivery under way listens.
  setMaxListeners(0, closing.signal);
  const provider = new Provider(options, closing.signal);
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    // A client that goes away ends its request, and nothing else.
    provider.answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: provider.movies.all,
    lost: provider.creating.lost,
    close: async () => {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

class Provider {
  readonly movies: Movies;
  readonly #options: ProviderOptions;
  readonly creating: Creating;
  readonly #cache: Cache;
  /** Decides which GETs fail; nothing else depends on it. */
  readonly #passing: Random;

  constructor(options: ProviderOptions, closing: AbortSignal) {
    const { seed, habits, natureOf, doubles = false } = options;
    this.#options = options;
    this.movies = new Movies(seed, habits);
    this.creating = new Creating({ seed, habits, movies: this.movies, natureOf, doubles, closing });
    this.#cache = new Cache(habits.cache);
    this.#passing = randomOf(seed, 'passing faults');
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { habits, accounts } = this.#options;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://provider');
    const apiKey = request.headers['x-api-key'];
    const account = typeof apiKey === 'string' ? accounts.get(apiKey) : undefined;
    if (account === undefined) {
      const what = apiKey === undefined ? 'API key not provided' : 'Invalid API Key';
      return send(request, response, fault(habits.badKeyStatus, `Error: ${what}`, habits), habits);
    }
    const isMovies = /^\/v2\/movies\/?$/.test(pathname);
    if (isMovies && request.method === 'POST') return this.creating.take(account, request, response);
    request.resume();
    if (request.method === 'GET' && this.#failsInPassing(request, response)) return;
    send(request, response, this.#read(request, account, isMovies, pathname, searchParams), habits);
  }

  #read(
    request: IncomingMessage,
    account: string,
    isMovies: boolean,
    pathname: string,
    query: URLSearchParams,
  ): Reply {
    const { habits } = this.#options;
    if (request.method !== 'GET') return fault(405, 'Method not allowed', habits);
    if (pathname === '/v2/templates') return templates(query);
    if (!isMovies) return fault(404, 'Not found', habits);
    const read = query.has('project') || query.has('id') ? readOne : readList;
    return this.#cache.through(request, () => read(account, query, this.movies, habits));
  }

  /** Fails a GET now and then, in one of the ways that pass. Returns true if it did. */
  #failsInPassing(request: IncomingMessage, response: ServerResponse): boolean {
    const { habits } = this.#options;
    const random = this.#passing;
    if (!chance(random, habits.getFaultShare)) return false;
    const say = (reply: Reply): void => send(request, response, reply, habits);
    const failures = [
      () => say(json(500, { error: 'Error starting subprocess' })),
      () => say(html(502, 'Bad Gateway')),
      () => say({ status: 503, body: '', type: 'text/plain' }),
      () => say({ status: 429, body: '', type: 'text/plain', headers: { 'retry-after': '2' } }),
      () => say(json(200, { success: false, message: 'Internal error', movies: [] })),
      () => void request.socket.resetAndDestroy(),
      () => sendHalf(response, json(200, { success: true, movies: [], movie: {} })),
    ];
    pick(random, failures)();
    return true;
  }
}

/** No account here has a template; the list is the cheapest check of a key (section 4). */
function templates(query: URLSearchParams): Reply {
  const id = query.get('id');
  return id === null
    ? json(200, { success: true, count: 0, templates: [], timestamp: new Date().toISOString() })
    : json(400, { success: false, message: `Template ${id} not found` });
}

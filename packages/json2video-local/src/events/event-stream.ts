import type { ServerResponse } from 'node:http';

import {
  EVENT_HEARTBEAT_MS,
  EVENT_INTERVAL_MS,
  MAX_EVENT_BACKLOG_BYTES,
  MAX_EVENT_ITEMS,
} from '../limits.js';
import type { Movie } from '../movies/movie.js';
import type { FakeRequest } from '../records/journal.js';
import type { World } from '../world.js';
import type { Watcher } from './event-hub.js';
import { watchedMovie } from './watched-movie.js';

/**
 * One watcher's server-sent events: `snapshot` once, then `update` with what has changed since the last one, at
 * most ten times a second and never more than the newest few hundred items, whatever the load on the fake.
 */
export class EventStream implements Watcher {
  readonly #world: World;
  readonly #response: ServerResponse;
  readonly #movies = new Map<string, Movie>();
  readonly #requests = new Map<number, FakeRequest>();
  readonly #timer: NodeJS.Timeout;
  #creditsAreNew = false;
  #sentAtMs = performance.now();

  constructor(world: World, response: ServerResponse) {
    this.#world = world;
    this.#response = response;
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    this.#send('snapshot', this.#snapshot());
    this.#timer = setInterval(() => this.#flush(), EVENT_INTERVAL_MS);
  }

  movieChanged(movie: Movie): void {
    keepNewest(this.#movies, movie.project, movie);
  }

  requestChanged(entry: FakeRequest): void {
    keepNewest(this.#requests, entry.seq, entry);
  }

  creditsChanged(): void {
    this.#creditsAreNew = true;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#response.end();
  }

  #flush(): void {
    if (this.#response.writableLength > MAX_EVENT_BACKLOG_BYTES) {
      this.#response.destroy();
      return;
    }
    const isIdle = this.#movies.size === 0 && this.#requests.size === 0 && !this.#creditsAreNew;
    if (isIdle) {
      if (performance.now() - this.#sentAtMs > EVENT_HEARTBEAT_MS) this.#send('update', this.#now());
      return;
    }
    const movies = [...this.#movies.values()].map((movie) => watchedMovie(this.#world, movie));
    this.#send('update', { ...this.#now(), movies, requests: [...this.#requests.values()] });
    this.#movies.clear();
    this.#requests.clear();
    this.#creditsAreNew = false;
  }

  #snapshot(): object {
    const { store, journal, apiKey } = this.#world;
    const movies = store.all().slice(-MAX_EVENT_ITEMS);
    return {
      ...this.#now(),
      apiKey,
      movies: movies.map((movie) => watchedMovie(this.#world, movie)),
      requests: journal.entries({ since: journal.lastSeq - MAX_EVENT_ITEMS }),
    };
  }

  /** The parts that are small enough to be sent every time. */
  #now(): object {
    const { clock, credits, store, book } = this.#world;
    return {
      now: new Date(clock.now()).toISOString(),
      timeScale: clock.scale,
      credits: credits.view(),
      movieCount: store.nextSeq - 1,
      faults: book.size,
    };
  }

  #send(event: string, data: object): void {
    this.#sentAtMs = performance.now();
    this.#response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
}

function keepNewest<K, V>(items: Map<K, V>, key: K, value: V): void {
  items.delete(key);
  items.set(key, value);
  const [oldest] = items.keys();
  if (items.size > MAX_EVENT_ITEMS && oldest !== undefined) items.delete(oldest);
}

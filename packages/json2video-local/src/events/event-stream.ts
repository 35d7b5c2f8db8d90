import type { ServerResponse } from 'node:http';

import type { FakeMovie, Movie } from '../movies/movie.js';
import { ledgerView } from '../movies/movie.js';
import { isFileServed } from '../movies/timeline.js';
import type { FakeRequest } from '../records/journal.js';
import type { World } from '../world.js';
import type { Watcher } from './event-hub.js';

/** Time between messages to a watcher, and between signs of life when nothing changes; real milliseconds. */
const EVENT_INTERVAL_MS = 100;
const EVENT_HEARTBEAT_MS = 15_000;

/** Movies and requests in one message to a watcher; the newest ones if there are more. */
const MAX_EVENT_ITEMS = 200;

/** Unread bytes of a watcher before its connection is cut. */
const MAX_EVENT_BACKLOG_BYTES = 4 * 1024 * 1024;

/**
 * One watcher's server-sent events: `snapshot` once, then `update` with the changes since the last one. Under load it
 * still sends at most ten messages a second, each with the newest few hundred items.
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

  /** Returns the parts that are small enough to be sent every time. */
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

/** A movie as the page shows it: the ledger's view, and the API's. */
interface WatchedMovie extends FakeMovie {
  readonly seq: number;
  readonly createdAt: string;
  /** The status of a status call; it differs from `status` under fault rules, and after 15 minutes. */
  readonly shown: string;
  readonly message: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly durationSeconds: number;
  readonly width: number;
  readonly height: number;
  /** The video; null before it is made and after it is gone. */
  readonly url: string | null;
  readonly deleted: boolean;
}

function watchedMovie({ clock, renders, site }: World, movie: Movie): WatchedMovie {
  const nowMs = clock.now();
  const shown = renders.shown(movie);
  const { durationSeconds, width, height } = movie.file;
  const isThere = movie.end?.status === 'done' && isFileServed(movie.file, nowMs);
  return {
    ...ledgerView(movie, nowMs),
    seq: movie.seq,
    shown: shown.status,
    message: movie.end?.message ?? shown.message,
    startsAt: new Date(movie.startsAtMs).toISOString(),
    endsAt: new Date(movie.end?.atMs ?? movie.endsAtMs).toISOString(),
    durationSeconds,
    width,
    height,
    url: isThere ? site.fileUrl(movie.file, 'mp4') : null,
    deleted: movie.deletedAtMs !== undefined,
  };
}

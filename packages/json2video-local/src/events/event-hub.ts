import type { Movie } from '../movies/movie.js';
import type { FakeRequest } from '../records/journal.js';

/** A receiver of changes. */
export interface Watcher {
  movieChanged(movie: Movie): void;
  requestChanged(entry: FakeRequest): void;
  creditsChanged(): void;
}

/** Watchers of `GET /_fake/events` at a time, connections. */
const MAX_WATCHERS = 20;

/** Passes changes on to all watchers; without one it does almost no work. */
export class EventHub implements Watcher {
  readonly #watchers = new Set<Watcher>();

  get isFull(): boolean {
    return this.#watchers.size >= MAX_WATCHERS;
  }

  /** Adds a watcher; returns the function that removes it. */
  join(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  movieChanged(movie: Movie): void {
    for (const watcher of this.#watchers) watcher.movieChanged(movie);
  }

  requestChanged(entry: FakeRequest): void {
    for (const watcher of this.#watchers) watcher.requestChanged(entry);
  }

  creditsChanged(): void {
    for (const watcher of this.#watchers) watcher.creditsChanged();
  }
}

import type { Movie, VideoFile } from './movie.js';

/** Finished movies that are forgotten in one go: one at a time would cost each submission a walk. */
const FORGOTTEN_AT_ONCE = 500;

/** A file, and the number of its movies. */
interface FileInUse {
  readonly file: VideoFile;
  movies: number;
}

/** All accepted movies, by project and in order, with their files. */
export class MovieStore {
  readonly #maxMovies: number;
  readonly #byProject = new Map<string, Movie>();
  readonly #files = new Map<string, FileInUse>();
  #inOrder: Movie[] = [];
  #lastSeq = 0;

  /** @param maxMovies beyond it the store forgets the oldest that have ended */
  constructor(maxMovies: number) {
    this.#maxMovies = maxMovies;
  }

  get nextSeq(): number {
    return this.#lastSeq + 1;
  }

  /** Gives the next movie a number after this one. */
  numberFrom(lastSeq: number): void {
    this.#lastSeq = Math.max(this.#lastSeq, lastSeq);
  }

  add(movie: Movie): void {
    this.#lastSeq = movie.seq;
    this.#byProject.set(movie.project, movie);
    this.#inOrder.push(movie);
    const known = this.#files.get(movie.file.stem);
    if (known === undefined) this.#files.set(movie.file.stem, { file: movie.file, movies: 1 });
    else known.movies += 1;
    if (this.#inOrder.length > this.#maxMovies + FORGOTTEN_AT_ONCE) this.#forgetOldest();
  }

  get(project: string): Movie | undefined {
    return this.#byProject.get(project);
  }

  file(stem: string): VideoFile | undefined {
    return this.#files.get(stem)?.file;
  }

  /** Returns all movies in the order of acceptance. */
  all(): readonly Movie[] {
    return this.#inOrder;
  }

  /** Yields all movies, the last accepted one first, without a copy. */
  *newestFirst(): Generator<Movie> {
    for (let index = this.#inOrder.length - 1; index >= 0; index -= 1) {
      const movie = this.#inOrder[index];
      if (movie !== undefined) yield movie;
    }
  }

  /** Forgets some of the oldest; if all of those are unfinished, more movies stay than the limit allows. */
  #forgetOldest(): void {
    const oldest = this.#inOrder.slice(0, 2 * FORGOTTEN_AT_ONCE);
    const ended = oldest.filter((movie) => movie.end !== undefined).slice(0, FORGOTTEN_AT_ONCE);
    for (const movie of ended) {
      this.#byProject.delete(movie.project);
      const used = this.#files.get(movie.file.stem);
      if (used !== undefined) used.movies -= 1;
      if (used?.movies === 0) this.#files.delete(movie.file.stem);
    }
    const gone = new Set(ended);
    const kept = oldest.filter((movie) => !gone.has(movie));
    this.#inOrder = [...kept, ...this.#inOrder.slice(oldest.length)];
  }
}

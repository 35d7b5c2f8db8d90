import { FORGOTTEN_AT_ONCE } from '../limits.js';
import type { Movie, VideoFile } from './movie.js';

/** A file, and how many movies it belongs to. */
interface FileInUse {
  readonly file: VideoFile;
  movies: number;
}

/** Every movie that the fake has accepted, by project and in order, with the files of those that have one. */
export class MovieStore {
  readonly #maxMovies: number;
  readonly #byProject = new Map<string, Movie>();
  readonly #files = new Map<string, FileInUse>();
  #inOrder: Movie[] = [];
  #lastSeq = 0;
  #forgotten = 0;

  /** @param maxMovies of more, the oldest that have ended are forgotten: they are in the ledger file only */
  constructor(maxMovies: number) {
    this.#maxMovies = maxMovies;
  }

  get nextSeq(): number {
    return this.#lastSeq + 1;
  }

  /** How many were forgotten. */
  get forgotten(): number {
    return this.#forgotten;
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

  /** In the order of acceptance. */
  all(): readonly Movie[] {
    return this.#inOrder;
  }

  /** The last one accepted comes first; nothing is copied. */
  *newestFirst(): Generator<Movie> {
    for (let index = this.#inOrder.length - 1; index >= 0; index -= 1) {
      const movie = this.#inOrder[index];
      if (movie !== undefined) yield movie;
    }
  }

  /** Looks at the oldest few only: where those are all unfinished, more are kept than was asked for. */
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
    this.#forgotten += ended.length;
  }
}

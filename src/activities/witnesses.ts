import { markOf, type MovieReply } from '../json2video/movie-reply.js';
import { UNKNOWN_ACCOUNT } from '../render/account.js';
import { WITNESS_MS } from '../render/limits.js';
import type { AcceptedRun, RenderIndex } from '../temporal/render-index.js';

/** Names the key and namespace of the run that looks. */
interface Looker {
  readonly key: string;
  readonly namespace: string;
}

/**
 * Projects that the engine knows as accepted by an account. If a reading of the list shows one of them with our mark, the
 * reading is of that account, whole and understood, so that an absence in it counts. A mark alone proves nothing: a person
 * may have copied the movie's JSON.
 */
export class Witnesses {
  readonly #looker: Looker;
  readonly #known: ReadonlyMap<string, AcceptedRun>;
  readonly #marksSuffice: boolean;
  #isSeen = false;

  private constructor(looker: Looker, known: readonly AcceptedRun[], marksSuffice: boolean) {
    this.#looker = looker;
    this.#known = new Map(known.map((run) => [run.project, run]));
    this.#marksSuffice = marksSuffice;
  }

  /** Reads the account's newest projects from the engine's index. */
  static async of(
    account: string,
    looker: Looker,
    index: RenderIndex,
    { nowMs, marksSuffice = false }: { readonly nowMs: number; readonly marksSuffice?: boolean | undefined },
  ): Promise<Witnesses> {
    const known =
      account === UNKNOWN_ACCOUNT || marksSuffice ? [] : await index.acceptedBy(account, nowMs - WITNESS_MS);
    const others = known.filter((run) => run.key !== looker.key);
    return new Witnesses(looker, others, marksSuffice);
  }

  /** Time from which a reading meets the newest of them; undefined if there is none. */
  get newestAtMs(): number | undefined {
    const times = [...this.#known.values()].map((run) => run.startedAtMs);
    return times.length === 0 ? undefined : Math.max(...times);
  }

  /** True once a page showed one. */
  get isSeen(): boolean {
    return this.#isSeen;
  }

  /** Looks for them on a page of the list. */
  lookAt(movies: readonly MovieReply[]): void {
    this.#isSeen ||= movies.some((movie) => this.#isWitness(movie));
  }

  #isWitness(movie: MovieReply): boolean {
    const mark = markOf(movie);
    if (mark?.namespace !== this.#looker.namespace) return false;
    if (this.#marksSuffice) return mark.key !== this.#looker.key;
    return movie.project !== null && this.#known.get(movie.project)?.key === mark.key;
  }
}

import type { FaultBook } from './fault-book.js';
import type { Movie } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';

/**
 * Fault rules of kind `state`: each status poll of a movie shows the next item of the script; the last stays.
 *
 * The last item is also the movie's real end if it is `done` or `error`; with any other last item the movie does not
 * end. Items before the last are only shown.
 */
export class StateScripts {
  readonly #book: FaultBook;
  /** Polls of each movie, by rule. */
  readonly #polls = new WeakMap<Movie, Map<string, number>>();

  constructor(book: FaultBook) {
    this.#book = book;
  }

  /** Goes one step on for a status poll; true if that reaches the last item. */
  step(movie: Movie): boolean {
    const bound = this.#bound(movie);
    if (bound === undefined) return false;
    const polls = this.#pollsOf(movie);
    const count = (polls.get(bound.rule) ?? 0) + 1;
    polls.set(bound.rule, count);
    return count >= bound.script.length;
  }

  /** Returns the item to show now, before the first poll the first one; undefined without a script. */
  shown(movie: Movie): ShownState | undefined {
    const bound = this.#bound(movie);
    if (bound === undefined) return undefined;
    const polls = this.#pollsOf(movie).get(bound.rule) ?? 0;
    return bound.script[Math.min(Math.max(polls, 1), bound.script.length) - 1];
  }

  /** Returns the end that the script sets; `never` if its last item is none; undefined without a script. */
  outcome(movie: Movie): ShownState | 'never' | undefined {
    const last = this.#bound(movie)?.script.at(-1);
    if (last === undefined) return undefined;
    return last.status === 'done' || last.status === 'error' ? last : 'never';
  }

  #bound(movie: Movie): { rule: string; script: ShownState[] } | undefined {
    const rule = this.#book.boundTo('state', movie)[0];
    if (rule === undefined) return undefined;
    const script = rule.effect.script.map((item) => {
      if (typeof item === 'string') return { status: item, message: defaultMessage(item) };
      const { status, message = defaultMessage(status), url } = item;
      return { status, message, ...(url === undefined ? {} : { url }) };
    });
    return { rule: rule.id, script };
  }

  #pollsOf(movie: Movie): Map<string, number> {
    const known = this.#polls.get(movie);
    if (known !== undefined) return known;
    const polls = new Map<string, number>();
    this.#polls.set(movie, polls);
    return polls;
  }
}

const defaultMessage = (status: string): string => (status === 'error' ? 'Rendering failed' : '');

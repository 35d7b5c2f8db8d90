import { pick, type Random } from '../../../support/random.js';
import { randomOf } from '../draw.js';
import { drawLife, endsAfterMs, type Life, type LifeState, stateAfter } from './life.js';
import type { Habits } from './habits.js';

/** A JSON object. */
export interface Json {
  readonly [name: string]: unknown;
}

/** One accepted POST in the ledger. */
export interface Accepted {
  readonly project: string;
  /** The caller's own name for the key and for the movie under it, from the caller's own `client-data`. */
  readonly key: string;
  readonly variant: string;
  readonly account: string;
  /** When, on the tests' clock. */
  readonly atMs: number;
}

/** One accepted movie as the provider keeps it. Times are of the tests' clock. */
export interface Movie extends Accepted {
  readonly submitted: Json;
  readonly life: Life;
  /** From then on the list shows it. */
  readonly listedAtMs: number;
  /** From then on its project can be read. */
  readonly readableAtMs: number;
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'.split('');

/** The movies of all accounts of one provider: the ledger, which is complete before any reply is sent. */
export class Movies {
  readonly #seed: string;
  readonly #habits: Habits;
  readonly #all: Movie[] = [];

  constructor(seed: string, habits: Habits) {
    this.#seed = seed;
    this.#habits = habits;
  }

  /** Everything that was ever accepted, oldest first. */
  get all(): readonly Movie[] {
    return this.#all;
  }

  accept(account: string, submitted: Json): Movie {
    const random = randomOf(this.#seed, 'movie', this.#all.length);
    const atMs = Date.now();
    const { key, variant } = whoseIs(submitted);
    const movie: Movie = {
      project: Array.from({ length: 16 }, () => pick(random, ID_LETTERS)).join(''),
      key,
      variant,
      account,
      atMs,
      submitted,
      life: drawLife(random),
      listedAtMs: atMs + lagOf(random, this.#habits.listLagMs),
      readableAtMs: atMs + lagOf(random, this.#habits.readLagMs),
    };
    this.#all.push(movie);
    return movie;
  }

  /** The movie of a project, if its account may read it now. */
  readable(account: string, project: string): Movie | undefined {
    return this.#all.find(
      (movie) => movie.project === project && movie.account === account && movie.readableAtMs <= Date.now(),
    );
  }

  of(account: string): readonly Movie[] {
    return this.#all.filter((movie) => movie.account === account);
  }
}

/** Most movies lag less than the longest. */
function lagOf(random: Random, mostMs: number): number {
  return mostMs * Math.max(random(), random());
}

/** Reads what the tests put into a movie's `client-data`: no mark of the product is needed for the count. */
export function whoseIs(submitted: Json): { readonly key: string; readonly variant: string } {
  const clientData = isJson(submitted['client-data']) ? submitted['client-data'] : {};
  const text = (name: string): string => {
    const value = clientData[name];
    return typeof value === 'string' ? value : '';
  };
  return { key: text('trial'), variant: text('variant') };
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function stateOf(movie: Movie): LifeState {
  return stateAfter(movie.life, Date.now() - movie.atMs);
}

/** When a render has ended, on the tests' clock; Infinity if never. */
export function endedAtMs({ atMs, life }: Movie): number {
  return atMs + endsAfterMs(life);
}

import type { JsonObject } from '../json.js';
import { MAX_SIDE_PIXELS } from '../submission/frame-size.js';

/** Limits of the account's plan. */
export interface FakePlan {
  /** Pixels; default 3840 each. */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Renders at a time; the others wait as `pending`. Default: no limit. */
  readonly concurrentRenders?: number;
  /** Movies and drafts left, on a legacy plan that counts them. Default: a plan that counts credits only. */
  readonly movies?: number;
  readonly drafts?: number;
}

/** True unless the movie says `draft: false`: only legacy plans count drafts, all others ignore the field (C16). */
export const isDraft = (movie: JsonObject): boolean => movie['draft'] !== false;

/** The plan of one account, and the part of it that is used. */
export class Plan {
  readonly #plan: FakePlan;
  #movies = 0;
  #drafts = 0;

  constructor(plan: FakePlan) {
    this.#plan = plan;
  }

  /** Returns the provider's message for a movie that is too large for the plan; undefined if it is not. */
  tooLarge(width: number, height: number): string | undefined {
    const { maxWidth = MAX_SIDE_PIXELS, maxHeight = MAX_SIDE_PIXELS } = this.#plan;
    if (width <= maxWidth && height <= maxHeight) return undefined;
    return `Movie is larger (${width}x${height}) than your plan allowance (${maxWidth}x${maxHeight})`;
  }

  /** Returns the provider's message if a plan that counts movies has none left; undefined otherwise. */
  usedUp(asDraft: boolean): string | undefined {
    const kind = asDraft ? 'drafts' : 'movies';
    const left = this.quota()[kind];
    if (left === undefined || left > 0) return undefined;
    return `You exceeded the quota of ${kind} in your plan. Please upgrade your plan to continue.`;
  }

  count(asDraft: boolean, movies = 1): void {
    if (asDraft) this.#drafts += movies;
    else this.#movies += movies;
  }

  /** Returns the counts that legacy accounts see beside `time`. */
  quota(): { movies?: number; drafts?: number } {
    const { movies, drafts } = this.#plan;
    return {
      ...(movies === undefined ? {} : { movies: Math.max(0, movies - this.#movies) }),
      ...(drafts === undefined ? {} : { drafts: Math.max(0, drafts - this.#drafts) }),
    };
  }
}

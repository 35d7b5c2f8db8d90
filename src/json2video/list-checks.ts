import type { z } from 'zod';
import { DAY_MS } from '../text/time.js';
import type { pageReply } from './movie-reply.js';

type Page = z.infer<typeof pageReply>;

const HOUR_MS = 3_600_000;

/** Days that one call of the list asks for, counted from the epoch; without an end until now. */
interface Days {
  readonly start: number;
  readonly end?: number;
}

/** Earliest and latest begin of a day in any time zone, from its begin in UTC: zones go from UTC+14 to UTC-12. */
const EARLIEST_ZONE_MS = -14 * HOUR_MS;
const LATEST_ZONE_MS = 12 * HOUR_MS;

/** Throws if the page says that it is of other days than those asked for, or if one of its movies is. */
export function checkWindow({ success, from, to, movies }: Page, { start, end }: Days): void {
  if (success === false) throw new Error('the list contradicts itself: success is false');
  const earliestMs = start * DAY_MS + EARLIEST_ZONE_MS;
  // The last day may belong to the list or not.
  const latestMs = end === undefined ? Number.POSITIVE_INFINITY : (end + 1) * DAY_MS + LATEST_ZONE_MS;
  const fromMs = timeOf(from);
  if (fromMs < earliestMs || fromMs > start * DAY_MS + LATEST_ZONE_MS) {
    throw new Error(`the list is of other days than asked for: it begins at ${from}`);
  }
  const toMs = timeOf(to);
  if (end !== undefined && (toMs < end * DAY_MS + EARLIEST_ZONE_MS || toMs > latestMs)) {
    throw new Error(`the list is of other days than asked for: it ends at ${to}`);
  }
  for (const { project, created_at: createdAt } of movies) {
    const createdMs = timeOf(createdAt);
    if (createdMs < earliestMs || createdMs > latestMs) {
      throw new Error(`the list is of other days than asked for: it has project ${project} of ${createdAt}`);
    }
  }
}

/** Returns the epoch time of a date or a time; without a zone it counts as UTC. NaN, which no comparison meets, if unreadable. */
function timeOf(text: string | null): number {
  if (text === null) return Number.NaN;
  const [, date, time, zone] = /^(\d{4}-\d\d-\d\d)(?:[T ]([\d:.]+))?\s*(Z|[+-]\d\d:?\d\d)?$/.exec(text) ?? [];
  return date === undefined ? Date.parse(text) : Date.parse(`${date}T${time ?? '00:00'}${zone ?? 'Z'}`);
}

/** Most movies of one list. A longer one is broken, and the look must end. */
const MOVIES = 100_000;

/** Most pages of one list that show no movie for the first time. */
const PAGES = 1_000;

/**
 * Compares the movies that the pages of one list show with the numbers that they state. `count` may be that of the page
 * or that of the whole list: the documentation does not say.
 */
export class PageCount {
  readonly #projects = new Set<string>();
  #pages = 0;
  #total = 0;

  /** Counts the next page, and returns true if it is the last. Throws if more movies are stated than shown. */
  add({ movies, count, has_next, next_token }: Page): boolean {
    for (const { project } of movies) {
      if (project === null) throw new Error('the list has a movie without a project');
      this.#projects.add(project);
    }
    const shown = this.#projects.size;
    this.#pages += 1;
    if (shown > MOVIES || this.#pages > shown + PAGES) throw new Error('the list does not end');
    if (count !== null && count > movies.length) {
      // More than the page shows: it can only be the number of all pages.
      if (count < shown) throw tooFew(count, movies.length);
      this.#total = count;
    }
    const isLast = !(has_next ?? next_token !== null);
    if (isLast && this.#total > shown) throw tooFew(this.#total, shown);
    return isLast;
  }
}

function tooFew(count: number, shown: number): Error {
  return new Error(`the list contradicts itself: it counts ${count} movies and shows ${shown}`);
}

import type { Json2Video } from '../json2video/client.js';
import type { MovieReply } from '../json2video/movie-reply.js';
import { DAY_MS } from '../text/time.js';

/** A project that no reading of the list has shown yet. */
interface Awaited {
  readonly acceptedMs: number;
  /** Begin of the newest reading that did not show it. */
  readonly missedMs?: number;
}

/** Longest time between two readings that tells when a project came into the list. */
const GAP_MS = 60_000;

/** A project that is not listed within a day never is; for example because a person deleted it. */
const AWAITED_MS = DAY_MS;

/** Projects in memory: what a busy account accepts within the time above, or the oldest are dropped. */
const MOST_AWAITED = 1_000;

/**
 * Measures how late the provider's list shows a movie. It knows the projects that this worker's own submissions returned,
 * and sees the pages that looks read, which are rare. A measured lag is up to 60 s too long. If more time lies between the
 * reading that shows a project and the one before, it is too short: the time of the one before.
 */
export class ListLag {
  readonly #awaited = new Map<string, Awaited>();
  readonly #now: () => number;
  readonly #observe: (seconds: number) => void;

  /** `now` is a monotonic clock in milliseconds. */
  constructor(now: () => number, observe: (seconds: number) => void = () => undefined) {
    this.#now = now;
    this.#observe = observe;
  }

  /** Notes a project that the provider has just named in its reply to a POST. */
  accepted(project: string): void {
    this.#awaited.set(project, { acceptedMs: this.#now() });
    const [oldest] = this.#awaited.keys();
    if (this.#awaited.size > MOST_AWAITED && oldest !== undefined) this.#awaited.delete(oldest);
  }

  /** Reads a list through, and looks for the awaited projects on its pages. */
  async *watch(pages: ReturnType<Json2Video['list']>): ReturnType<Json2Video['list']> {
    const beganMs = this.#now();
    for await (const movies of pages) {
      for (const movie of movies) this.#see(movie);
      yield movies;
    }
    for (const [project, { acceptedMs }] of this.#awaited) {
      if (beganMs - acceptedMs > AWAITED_MS) this.#awaited.delete(project);
      else if (acceptedMs <= beganMs) this.#awaited.set(project, { acceptedMs, missedMs: beganMs });
    }
  }

  #see({ project }: MovieReply): void {
    const awaited = project === null ? undefined : this.#awaited.get(project);
    if (project === null || awaited === undefined) return;
    this.#awaited.delete(project);
    const { acceptedMs, missedMs } = awaited;
    const seenMs = this.#now();
    const isClose = seenMs - (missedMs ?? acceptedMs) <= GAP_MS;
    const untilMs = isClose ? seenMs : missedMs;
    if (untilMs !== undefined) this.#observe((untilMs - acceptedMs) / 1_000);
  }
}

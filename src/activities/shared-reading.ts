import type { Json2Video } from '../json2video/client.js';
import type { MovieReply } from '../json2video/movie-reply.js';
import type { ListLag } from './list-lag.js';

/** A look that waits for a reading of the list. */
interface Waiting {
  readonly since: Date;
  /** Called with each page of the look's own reading. */
  readonly onPage: (movies: readonly MovieReply[]) => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads the provider's list for all looks of a worker. One reading at a time; it serves every look that was due before it
 * began. So an outage that leaves hundreds of keys in doubt costs a few readings, and memory for one page.
 */
export class SharedReading {
  readonly #json2video: Pick<Json2Video, 'list'>;
  readonly #lag: Pick<ListLag, 'watch'>;
  #waiting: Waiting[] = [];
  #served: readonly Waiting[] = [];
  #isReading = false;

  constructor(json2video: Pick<Json2Video, 'list'>, lag: Pick<ListLag, 'watch'>) {
    this.#json2video = json2video;
    this.#lag = lag;
  }

  /** Reads the whole list from a time on; rejects unless it could be read to its end. */
  read(look: Pick<Waiting, 'since' | 'onPage'>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...look, resolve, reject });
      if (!this.#isReading) void this.#readAll();
    });
  }

  async #readAll(): Promise<void> {
    this.#isReading = true;
    while (this.#waiting.length > 0) {
      this.#served = this.#waiting.splice(0);
      await this.#readOnce().then(
        () => this.#settle((look) => look.resolve()),
        (error: unknown) => this.#settle((look) => look.reject(error)),
      );
    }
    this.#isReading = false;
  }

  async #readOnce(): Promise<void> {
    const since = Math.min(...this.#served.map((look) => look.since.getTime()));
    for await (const movies of this.#lag.watch(this.#json2video.list(new Date(since)))) {
      for (const look of this.#served) look.onPage(movies);
    }
  }

  #settle(how: (look: Waiting) => void): void {
    for (const look of this.#served) how(look);
    this.#served = [];
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

import { closingController } from '../closing.js';
import type { FaultBook } from '../faults/fault-book.js';
import type { Movie } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';
import type { QuirkSwitches } from '../quirk-switches.js';
import type { Random } from '../random.js';
import { alphanumeric } from '../random.js';
import type { WebhookAction, WebhookFault } from './delivery-faults.js';
import { deliveryFault } from './delivery-faults.js';
import type { ExportRun } from './export-run.js';
import { ReorderQueue } from './reorder-queue.js';
import type { PayloadFacts } from './webhook-payload.js';

export interface WebhooksDeps {
  readonly book: FaultBook;
  readonly quirks: QuirkSwitches;
  readonly random: Random;
  readonly run: ExportRun;
  /** Where the movie's file with this ending is. */
  readonly fileUrl: (movie: Movie, ending: string) => string;
}

/** When callbacks go out, how often, in which order, and with what in them: honest unless a rule or quirk says so. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #reorder = new ReorderQueue();
  readonly #closing = closingController();

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** Rules `early` (the first delivery; the others of a `duplicate` come at the end) and `forge`; to be awaited before the submission is answered. */
  async accepted(movie: Movie, outcome: ShownState): Promise<void> {
    const forge = this.#fault(movie, 'forge');
    if (forge !== undefined) void this.#later(forge, 0, () => this.#sendForged(movie, forge));
    if (this.#fault(movie, 'early') === undefined) return;
    movie.isCalledBackEarly = true;
    await this.#deps.run.once(movie, outcome, this.#honest(movie));
  }

  /** The regular exports of a movie that has been rendered; resolves when they are over, however they went. */
  async ended(movie: Movie, outcome: ShownState): Promise<void> {
    const isSilent = movie.isCached && this.#deps.quirks.current.cachedWebhook === 'none';
    if (isSilent || this.#fault(movie, 'lose') !== undefined) return;
    const impostor = this.#fault(movie, 'wrong-project');
    const facts = {
      ...this.#honest(movie),
      ...(impostor === undefined ? {} : { project: alphanumeric(this.#deps.random, 16) }),
    };
    const send = (): Promise<void> => this.#sendAll(movie, outcome, facts);
    const reorder = this.#fault(movie, 'reorder');
    const inTurn = reorder === undefined ? send : () => this.#reorder.take(reorder.id, reorder.effect, send);
    const late = this.#fault(movie, 'late');
    await (late === undefined ? inTurn() : this.#later(late, 1_000, inTurn));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#reorder.close();
    await this.#deps.run.close();
  }

  #fault(movie: Movie, action: WebhookAction): WebhookFault | undefined {
    return deliveryFault(this.#deps.book, this.#deps.quirks.current, movie, action);
  }

  #honest(movie: Movie): PayloadFacts {
    const { fileUrl } = this.#deps;
    return { project: movie.project, url: fileUrl(movie, 'mp4'), thumbnail: fileUrl(movie, 'png') };
  }

  /** Someone else's success message for the right project, with a URL that is not ours. */
  async #sendForged(movie: Movie, forge: WebhookFault): Promise<void> {
    const url = `https://forged.invalid/${movie.file.stem}.mp4`;
    const facts = { project: movie.project, url, thumbnail: url };
    for (let copy = 0; copy < (forge.effect.n ?? 1); copy += 1) {
      await this.#deps.run.once(movie, { status: 'done', message: '' }, facts);
    }
  }

  async #sendAll(movie: Movie, outcome: ShownState, facts: PayloadFacts): Promise<void> {
    const duplicate = this.#fault(movie, 'duplicate');
    // One that went out early was the first of them.
    const copies =
      (duplicate === undefined ? 1 : (duplicate.effect.n ?? 2)) - (movie.isCalledBackEarly ? 1 : 0);
    for (let copy = 0; copy < copies; copy += 1) await this.#deps.run.once(movie, outcome, facts);
  }

  /** After the rule's `ms`, real time; not at all when the fake closes first. */
  async #later(fault: WebhookFault, defaultMs: number, run: () => Promise<void>): Promise<void> {
    try {
      await sleep(fault.effect.ms ?? defaultMs, undefined, { signal: this.#closing.signal });
    } catch {
      return;
    }
    await run();
  }
}

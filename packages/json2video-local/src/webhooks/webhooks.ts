import { setTimeout as sleep } from 'node:timers/promises';

import { closingController } from '../closing.js';
import type { BoundFault, FaultBook } from '../faults/fault-book.js';
import type { EffectOf } from '../faults/fault-rule.js';
import type { Movie } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';
import type { SwitchBoard } from '../switch-board.js';
import type { Random } from '../random.js';
import { alphanumeric } from '../random.js';
import type { Switches } from '../switches.js';
import { isWebhook } from './destinations.js';
import type { ExportRun } from './export-run.js';
import { ReorderQueue } from './reorder-queue.js';
import type { PayloadFacts } from './webhook-body.js';

type WebhookAction = EffectOf<'webhook'>['action'];
type WebhookFault = BoundFault<'webhook'>;

/** Effect of each position of the switch `webhookDelivery` on every movie. */
const ACTIONS: Readonly<Partial<Record<Switches['webhookDelivery'], WebhookAction>>> = {
  twice: 'duplicate',
  late: 'late',
  early: 'early',
  reorder: 'reorder',
  lost: 'lose',
};

interface WebhooksDeps {
  readonly book: FaultBook;
  readonly switches: SwitchBoard;
  readonly random: Random;
  readonly run: ExportRun;
  /** Returns the URL of the movie's file with this ending. */
  readonly fileUrl: (movie: Movie, ending: string) => string;
}

/** Sends callbacks: honestly, unless a rule or a switch changes their time, number, order or content. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #reorder = new ReorderQueue();
  readonly #closing = closingController();

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /**
   * Carries out `forge` and `early`; await it before the submission is answered. With `early` the first delivery goes
   * out now, and the others of a `duplicate` at the end.
   */
  async accepted(movie: Movie, outcome: ShownState): Promise<void> {
    const forge = this.#fault(movie, 'forge');
    if (forge !== undefined) void this.#later(forge, 0, () => this.#sendForged(movie, forge));
    if (this.#fault(movie, 'early') === undefined) return;
    movie.isCalledBackEarly = true;
    await this.#deps.run.once(movie, outcome, this.#honest(movie), { stage: 'early', skip: 0 });
  }

  /**
   * Runs the exports of a rendered movie; resolves when they are over, also if they failed. False if the server closed
   * first.
   */
  async ended(movie: Movie, outcome: ShownState): Promise<boolean> {
    await this.#sendDue(movie, outcome);
    return !this.#closing.signal.aborted;
  }

  async #sendDue(movie: Movie, outcome: ShownState): Promise<void> {
    const isSilent = movie.isCached && this.#deps.switches.current.cachedWebhook === 'none';
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

  close(): void {
    this.#closing.abort();
    this.#reorder.close();
    this.#deps.run.close();
  }

  /** Returns the rule that changes this movie's callback in this way, or else the switch as a rule. */
  #fault(movie: Movie, action: WebhookAction): WebhookFault | undefined {
    const { book, switches } = this.#deps;
    const rule = book.boundTo('webhook', movie).find((fault) => fault.effect.action === action);
    if (rule !== undefined || ACTIONS[switches.current.webhookDelivery] !== action) return rule;
    return { id: 'webhookDelivery', effect: { kind: 'webhook', action } };
  }

  #honest(movie: Movie): PayloadFacts {
    const { fileUrl } = this.#deps;
    return { project: movie.project, url: fileUrl(movie, 'mp4'), thumbnail: fileUrl(movie, 'png') };
  }

  /** Sends a forged success about the right project, with a URL of another host. */
  async #sendForged(movie: Movie, forge: WebhookFault): Promise<void> {
    const url = `https://forged.invalid/${movie.file.stem}.mp4`;
    const facts = { project: movie.project, url, thumbnail: url };
    for (let copy = 0; copy < (forge.effect.n ?? 1); copy += 1) {
      await this.#deps.run.once(movie, { status: 'done', message: '' }, facts, { stage: 'forged', skip: 0 });
    }
  }

  async #sendAll(movie: Movie, outcome: ShownState, facts: PayloadFacts): Promise<void> {
    const duplicate = this.#fault(movie, 'duplicate');
    // The early one was the first of them.
    const copies =
      (duplicate === undefined ? 1 : (duplicate.effect.n ?? 2)) - (movie.isCalledBackEarly ? 1 : 0);
    const webhooks = movie.destinations.filter(isWebhook).length;
    for (let copy = 0; copy < copies; copy += 1) {
      const skip = Math.max(0, movie.delivered - copy * webhooks);
      await this.#deps.run.once(movie, outcome, facts, { stage: 'end', skip });
    }
  }

  /** Runs after the rule's `ms`, real time; not at all if the server closes first. */
  async #later(fault: WebhookFault, defaultMs: number, run: () => Promise<void>): Promise<void> {
    try {
      await sleep(fault.effect.ms ?? defaultMs, undefined, { signal: this.#closing.signal });
    } catch {
      return;
    }
    await run();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { BoundFault, FaultBook } from './fault-book.js';
import type { EffectOf } from './fault-rule.js';
import type { Movie, WebhookRecord } from './movie.js';
import type { Random } from './random.js';
import { alphanumeric } from './random.js';
import { ReorderQueue } from './reorder-queue.js';
import type { ShownState } from './timeline.js';
import type { PayloadFacts } from './webhook-payload.js';
import { formEncoded, webhookPayload } from './webhook-payload.js';
import { WebhookSender } from './webhook-sender.js';

export interface WebhooksDeps {
  readonly book: FaultBook;
  readonly random: Random;
  /** The fake's clock, milliseconds. */
  readonly now: () => number;
  readonly fileUrl: (movie: Movie) => string;
  readonly onSent: (movie: Movie, record: WebhookRecord) => void;
}

type Action = EffectOf<'webhook'>['action'];
type Fault = BoundFault<'webhook'>;

/** When callbacks go out, how often, in which order, and with what in them: honest unless a rule says so. */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #sender = new WebhookSender();
  readonly #reorder = new ReorderQueue();
  readonly #closing = new AbortController();
  /** Projects whose callback went out before the submission was answered: the regular one is not sent again. */
  readonly #sentEarly = new Set<string>();

  constructor(deps: WebhooksDeps) {
    this.#deps = deps;
  }

  /** Rules `early` and `forge`; to be awaited before the submission is answered. */
  async accepted(movie: Movie, outcome: ShownState): Promise<void> {
    const forge = this.#fault(movie, 'forge');
    if (forge !== undefined) void this.#later(forge, 0, () => this.#sendForged(movie, forge));
    if (this.#fault(movie, 'early') === undefined) return;
    this.#sentEarly.add(movie.project);
    await this.#sendAll(movie, outcome, this.#honest(movie));
  }

  /** The regular callbacks of a movie that has ended. */
  ended(movie: Movie, outcome: ShownState): void {
    if (this.#fault(movie, 'lose') !== undefined || this.#sentEarly.has(movie.project)) return;
    const impostor = this.#fault(movie, 'wrong-project');
    const facts = {
      ...this.#honest(movie),
      ...(impostor === undefined ? {} : { project: alphanumeric(this.#deps.random, 16) }),
    };
    const send = (): Promise<void> => this.#sendAll(movie, outcome, facts);
    const reorder = this.#fault(movie, 'reorder');
    const inTurn = reorder === undefined ? send : () => this.#reorder.take(reorder.id, reorder.effect, send);
    const late = this.#fault(movie, 'late');
    void (late === undefined ? inTurn() : this.#later(late, 1_000, inTurn));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#reorder.close();
    await this.#sender.close();
  }

  #fault(movie: Movie, action: Action): Fault | undefined {
    return this.#deps.book.boundTo('webhook', movie).find((fault) => fault.effect.action === action);
  }

  #honest(movie: Movie): PayloadFacts {
    return { project: movie.project, url: this.#deps.fileUrl(movie) };
  }

  /** Someone else's success message for the right project, with a URL that is not ours. */
  async #sendForged(movie: Movie, forge: Fault): Promise<void> {
    const url = `https://forged.invalid/${movie.stem}.mp4`;
    for (let copy = 0; copy < (forge.effect.n ?? 1); copy += 1) {
      await this.#sendOnce(movie, { status: 'done', message: '' }, { project: movie.project, url });
    }
  }

  async #sendAll(movie: Movie, outcome: ShownState, facts: PayloadFacts): Promise<void> {
    const duplicate = this.#fault(movie, 'duplicate');
    const copies = duplicate === undefined ? 1 : (duplicate.effect.n ?? 2);
    for (let copy = 0; copy < copies; copy += 1) await this.#sendOnce(movie, outcome, facts);
  }

  /** One round through the destinations, one after another; a failing one does not stop the next. */
  async #sendOnce(movie: Movie, outcome: ShownState, facts: PayloadFacts): Promise<void> {
    const payload = webhookPayload(movie, outcome, facts);
    for (const { endpoint, form } of movie.destinations) {
      if (this.#closing.signal.aborted) return;
      const at = new Date(this.#deps.now()).toISOString();
      const status = await this.#sender.send({
        url: endpoint,
        contentType: form ? 'application/x-www-form-urlencoded' : 'application/json',
        body: form ? formEncoded(payload) : JSON.stringify(payload),
      });
      if (!this.#closing.signal.aborted) this.#deps.onSent(movie, { url: endpoint, at, status });
    }
  }

  /** After the rule's `ms`, real time; not at all when the fake closes first. */
  async #later(fault: Fault, defaultMs: number, run: () => Promise<void>): Promise<void> {
    try {
      await sleep(fault.effect.ms ?? defaultMs, undefined, { signal: this.#closing.signal });
    } catch {
      return;
    }
    await run();
  }
}

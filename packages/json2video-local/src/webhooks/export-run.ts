import { setTimeout as sleep } from 'node:timers/promises';

import { closingController } from '../closing.js';
import type { JsonObject } from '../json.js';
import { WEBHOOK_ATTEMPTS, WEBHOOK_RETRY_MS } from '../limits.js';
import type { Movie, WebhookRecord } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';
import type { QuirkSwitches } from '../quirk-switches.js';
import type { WebhookDestination } from './destinations.js';
import { isWebhook } from './destinations.js';
import { webhookBody } from './webhook-body.js';
import type { PayloadFacts } from './webhook-payload.js';
import { webhookPayload } from './webhook-payload.js';
import type { WebhookSender } from './webhook-sender.js';
import { withinTime } from './within-time.js';

export interface ExportRunDeps {
  readonly quirks: QuirkSwitches;
  readonly sender: WebhookSender;
  /** All destinations of one movie together, real milliseconds. */
  readonly limitMs: number;
  /** The fake's clock, milliseconds. */
  readonly now: () => number;
  readonly onSent: (movie: Movie, record: WebhookRecord) => void;
}

/** One round through a movie's destinations, one after another; a failing one does not stop the next. */
export class ExportRun {
  readonly #deps: ExportRunDeps;
  readonly #closing = closingController();

  constructor(deps: ExportRunDeps) {
    this.#deps = deps;
  }

  async once(movie: Movie, outcome: ShownState, facts: PayloadFacts): Promise<void> {
    const payload = webhookPayload(movie, outcome, facts, this.#deps.quirks.current);
    const webhooks = movie.destinations.filter(isWebhook);
    if (payload === undefined || webhooks.length === 0) return;
    await withinTime(this.#deps.limitMs, this.#closing.signal, async (signal) => {
      for (const destination of webhooks) {
        if (signal.aborted) return;
        await this.#deliver(movie, destination, payload, signal);
      }
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#deps.sender.close();
  }

  async #deliver(
    movie: Movie,
    destination: WebhookDestination,
    payload: JsonObject,
    signal: AbortSignal,
  ): Promise<void> {
    const { quirks, sender, now, onSent } = this.#deps;
    const { contentType, text } = webhookBody(payload, destination.contentType, quirks.current);
    const headers = { ...destination.headers, 'content-type': contentType };
    const attempts = quirks.current.webhookDelivery === 'retry' ? WEBHOOK_ATTEMPTS : 1;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const at = new Date(now()).toISOString();
      const { status, ms } = await sender.send({ url: destination.endpoint, headers, body: text }, signal);
      if (this.#closing.signal.aborted) return;
      onSent(movie, { url: destination.endpoint, at, status, ms });
      const isTaken = status !== null && status < 300;
      if (isTaken || attempt === attempts || !(await this.#pause(signal))) return;
    }
  }

  async #pause(signal: AbortSignal): Promise<boolean> {
    try {
      await sleep(WEBHOOK_RETRY_MS, undefined, { signal });
      return true;
    } catch {
      return false;
    }
  }
}

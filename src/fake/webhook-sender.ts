import { Agent, request } from 'undici';

import { WEBHOOK_TIMEOUT_MS } from './limits.js';

export interface Delivery {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
}

/** Sends callbacks: one attempt, no redirects followed, a limit on the wait. */
export class WebhookSender {
  // A pool of its own, so that closing the fake closes its connections too.
  readonly #agent = new Agent();
  readonly #closing = new AbortController();

  /** The receiver's HTTP status; null when there was none in time. Never throws. */
  async send(delivery: Delivery): Promise<number | null> {
    try {
      const { statusCode, body } = await request(delivery.url, {
        method: 'POST',
        headers: { 'content-type': delivery.contentType },
        body: delivery.body,
        dispatcher: this.#agent,
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(WEBHOOK_TIMEOUT_MS)]),
      });
      // The answer's text means nothing to the provider; reading it frees the connection.
      await body.dump();
      return statusCode;
    } catch {
      return null;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#agent.destroy();
  }
}

import { Agent, request } from 'undici';

import { withinTime } from './within-time.js';

export interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of one attempt. */
export interface Attempt {
  /** The receiver's HTTP status; null when there was none in time. */
  readonly status: number | null;
  /** Real milliseconds. */
  readonly ms: number;
}

/** Sends callbacks: one attempt, no redirects followed, a limit on the wait. */
export class WebhookSender {
  // A pool of its own, so that closing the fake closes its connections too.
  readonly #agent = new Agent();
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /** Never throws; `signal` cuts the attempt short. */
  async send(delivery: Delivery, signal: AbortSignal): Promise<Attempt> {
    const startedMs = performance.now();
    const status = await withinTime(this.#timeoutMs, signal, (inTime) => this.#post(delivery, inTime));
    return { status, ms: Math.round(performance.now() - startedMs) };
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #post({ url, headers, body }: Delivery, signal: AbortSignal): Promise<number | null> {
    try {
      const answer = await request(url, { method: 'POST', headers, body, dispatcher: this.#agent, signal });
      // The answer's text means nothing to the provider; reading it frees the connection.
      await answer.body.dump();
      return answer.statusCode;
    } catch {
      return null;
    }
  }
}

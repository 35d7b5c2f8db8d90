import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import { closingController } from '../closing.js';
import type { JsonObject } from '../json.js';
import type { Movie, WebhookRecord } from '../movies/movie.js';
import type { ShownState } from '../movies/timeline.js';
import type { SwitchBoard } from '../switch-board.js';
import type { WebhookDestination } from './destinations.js';
import { isWebhook } from './destinations.js';
import type { PayloadFacts } from './webhook-body.js';
import { webhookBody, webhookPayload } from './webhook-body.js';

interface ExportRunDeps {
  readonly switches: SwitchBoard;
  /** Time that a receiver has to answer, real seconds. Default 5: the provider's page advises "under 5 s". */
  readonly timeoutSeconds: number | undefined;
  /** Time of all destinations of one movie together, real seconds; after it the rest is dropped. Default 300. */
  readonly limitSeconds: number | undefined;
  /** The server's clock, milliseconds. */
  readonly now: () => number;
  readonly onSent: (movie: Movie, sent: SentCallback) => void;
}

/** One attempt to deliver a callback. */
export interface SentCallback extends WebhookRecord {
  readonly stage: Stage;
  /** True if the destination is not tried again. */
  readonly isLast: boolean;
}

/** Part of a movie's life to which a callback belongs. */
export type Stage = 'early' | 'forged' | 'end';

/** One run through the destinations. */
interface Run {
  readonly stage: Stage;
  /** Destinations that an earlier server has done. */
  readonly skip: number;
}

/** Attempts in the position `webhookDelivery: retry`, and the real milliseconds between them. */
const ATTEMPTS = 3;
const RETRY_MS = 200;

/** Runs through a movie's destinations, one after another; a failing one does not stop the next. */
export class ExportRun {
  readonly #deps: ExportRunDeps;
  readonly #closing = closingController();
  // Agents of its own, so that closing the server closes their connections too.
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  constructor(deps: ExportRunDeps) {
    this.#deps = deps;
  }

  async once(movie: Movie, outcome: ShownState, facts: PayloadFacts, { stage, skip }: Run): Promise<void> {
    const payload = webhookPayload(movie, outcome, facts, this.#deps.switches.current);
    const webhooks = movie.destinations.filter(isWebhook).slice(skip);
    if (payload === undefined || webhooks.length === 0) return;
    const limitMs = (this.#deps.limitSeconds ?? 300) * 1000;
    await withinTime(limitMs, this.#closing.signal, async (signal) => {
      for (const destination of webhooks) {
        if (signal.aborted) return;
        await this.#deliver(movie, { destination, payload, stage }, signal);
      }
    });
  }

  close(): void {
    this.#closing.abort();
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  async #deliver(
    movie: Movie,
    { destination, payload, stage }: Callback,
    signal: AbortSignal,
  ): Promise<void> {
    const { switches, now, onSent } = this.#deps;
    const { contentType, text } = webhookBody(payload, destination.contentType, switches.current);
    const headers = { ...destination.headers, 'content-type': contentType };
    const attempts = switches.current.webhookDelivery === 'retry' ? ATTEMPTS : 1;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const at = new Date(now()).toISOString();
      const { status, ms } = await this.#send({ url: destination.endpoint, headers, body: text }, signal);
      if (this.#closing.signal.aborted) return;
      const isLast = attempt === attempts || (status !== null && status < 300);
      onSent(movie, { url: destination.endpoint, at, status, ms, stage, isLast });
      if (isLast || !(await pause(signal))) return;
    }
  }

  /** Sends one callback: no redirect is followed. Never throws; `signal` cuts the attempt short. */
  async #send(delivery: Delivery, signal: AbortSignal): Promise<Pick<WebhookRecord, 'status' | 'ms'>> {
    const startedMs = performance.now();
    const timeoutMs = (this.#deps.timeoutSeconds ?? 5) * 1000;
    const status = await withinTime(timeoutMs, signal, (inTime) => this.#post(delivery, inTime));
    return { status, ms: Math.round(performance.now() - startedMs) };
  }

  /** Returns the receiver's HTTP status; null if there was none in time. */
  #post({ url, headers, body }: Delivery, signal: AbortSignal): Promise<number | null> {
    if (!URL.canParse(url)) return Promise.resolve(null);
    const isSecure = new URL(url).protocol === 'https:';
    const agent = isSecure ? this.#agents.https : this.#agents.http;
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method: 'POST', headers: { ...headers, ...length }, agent, signal };
    return new Promise((resolve) => {
      const none = (): void => resolve(null);
      try {
        const sending = (isSecure ? httpsRequest : httpRequest)(url, options, (answer) => {
          // The provider ignores the answer's text; reading it frees the connection.
          answer.resume();
          answer.once('end', () => resolve(answer.statusCode ?? null));
          answer.once('error', none);
        });
        sending.once('error', none);
        sending.end(body);
      } catch {
        none();
      }
    });
  }
}

interface Callback {
  readonly destination: WebhookDestination;
  readonly payload: JsonObject;
  readonly stage: Stage;
}

interface Delivery {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

async function pause(signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(RETRY_MS, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs with a signal that is aborted after `ms`, real time, or together with the one above it.
 *
 * Not `AbortSignal.any`: on Node 20 the signal above keeps a part of every signal combined with it, and it lives as
 * long as the server.
 */
async function withinTime<T>(
  ms: number,
  above: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const timer = setTimeout(abort, ms);
  above.addEventListener('abort', abort, { once: true });
  if (above.aborted) abort();
  try {
    return await run(controller.signal);
  } finally {
    clearTimeout(timer);
    above.removeEventListener('abort', abort);
  }
}

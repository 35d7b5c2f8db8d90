import { z } from 'zod';
import type { Asked, Called } from './starter.js';

/** The part of an answer that a caller needs: a render, or a problem. */
const document = z.object({
  code: z.string().optional(),
  detail: z.string().optional(),
  state: z.string().optional(),
  project: z.string().optional(),
  replayed: z.boolean().optional(),
  outcome: z.object({ status: z.string(), project: z.string() }).optional(),
});
type Answered = z.output<typeof document> & { readonly status: number };

/** Each request waits for so long at most, as the library's callers do. */
const WAIT_SECONDS = 5;

/** A request without an answer is given up: its server may be stopped. */
const REQUEST_MS = 60_000;

/** The server's Retry-After when something is down; also the pause after a connection that broke. */
const RETRY_MS = 5_000;

/** A caller that knows a server's address, a key and a movie, and no library. */
export class HttpCaller implements Asked {
  readonly #url: () => string;
  readonly #onAnswer: (key: string) => void;
  readonly #waitSeconds: number;

  /** `url` is read for each request, since another server may have taken over. */
  constructor(
    url: () => string,
    onAnswer: (key: string) => void = () => undefined,
    waitSeconds: number = WAIT_SECONDS,
  ) {
    this.#waitSeconds = waitSeconds;
    this.#url = url;
    this.#onAnswer = onAnswer;
  }

  /** Submits by PUT; for `render` it then waits for the end by GET. */
  async call(call: 'render' | 'submitOnce', key: string, movie: unknown, given: object): Promise<Called> {
    const { deadlineMs: _, ...options } = { deadlineMs: 0, ...given };
    const put = await this.#send(key, 'PUT', JSON.stringify({ movie, options }));
    if (call === 'submitOnce' || put === undefined || put.status === 202 || put.status >= 300) {
      return this.#told(put);
    }
    const got = put.outcome === undefined ? await this.#send(key, 'GET') : put;
    // Not over yet: the caller submits again, which is free.
    if (got?.status === 200 && got.outcome === undefined) return pending(got.state);
    return got?.outcome === undefined ? this.#told(got) : { value: got.outcome };
  }

  /** Undefined if the connection broke. */
  async #send(key: string, method: string, body?: string): Promise<Answered | undefined> {
    let status: number;
    let text: string;
    try {
      const response = await fetch(`${this.#url()}/v1/renders/${encodeURIComponent(key)}`, {
        method,
        headers: { prefer: `wait=${this.#waitSeconds}`, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(REQUEST_MS),
        ...(body === undefined ? {} : { body }),
      });
      status = response.status;
      text = await response.text();
    } catch {
      return undefined;
    }
    this.#onAnswer(key);
    return { ...document.parse(JSON.parse(text)), status };
  }

  async #told(answered: Answered | undefined): Promise<Called> {
    const { status = 0, code = 'NoAnswer', detail = '', state, project, replayed } = answered ?? {};
    if (status === 202) return pending(state);
    if (status === 200 || status === 201) return { value: { project, replayed } };
    if (status === 0 || status === 429 || status === 503) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return { error: { code: 'TryAgain', message: `${status} ${code}` } };
    }
    return { error: { code, message: `${status} ${detail}`, ...(project === undefined ? {} : { project }) } };
  }
}

function pending(state: string | undefined): Called {
  const message = 'the render goes on';
  return { error: { code: 'SubmissionPending', message, ...(state === undefined ? {} : { state }) } };
}

import { Client, type Dispatcher } from 'undici';
import { REPLY_BYTES } from '../render/limits.js';
import type { SubmissionEvidence } from '../render/submission.js';
import { messageOf } from '../text/text.js';
import { connectorThrough } from './connector.js';
import { decodeBody } from './decode-body.js';
import { retryAfterMs } from './http-get.js';
import type { Proxy } from './proxy.js';

/** One POST, and the two checks that may still stop it. */
export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Proxy through which the provider is reached, if there is one. */
  readonly proxy?: Proxy | undefined;
  readonly connectTimeoutMs: number;
  /** Returns the time that the reply may take, to its last byte; called when the first byte is sent. */
  readonly replyTimeoutMs: () => number;
  /** Asks the engine for its go-ahead between the last handshake and the first byte. If it rejects, nothing is sent. */
  readonly fence: () => Promise<void>;
  /** Called synchronously right before the first byte. If it returns false, nothing is sent. */
  readonly mayBegin: () => boolean;
  readonly now: () => number;
}

/**
 * Creates a connector with the fence inside: it hands the socket over only after the engine's go-ahead. It opens at most
 * one connection, so that a request can never travel twice.
 */
function fencedConnector(request: PostRequest): ReturnType<typeof connectorThrough> {
  const connect = connectorThrough(request.proxy, request.connectTimeoutMs);
  let isUsed = false;
  return (options, callback) => {
    if (isUsed) return callback(new Error('the connection closed before the request began'), null);
    isUsed = true;
    connect(options, (error, socket) => {
      // Despite its type, `socket` is undefined if the connection failed.
      if (!socket) return callback(error ?? new Error('no connection'), null);
      request.fence().then(
        () =>
          socket.destroyed
            ? callback(new Error('the connection closed before sending'), null)
            : callback(null, socket),
        (cause: unknown) => {
          socket.destroy();
          callback(new Error(`not sent: ${messageOf(cause)}`), null);
        },
      );
    });
  };
}

/** Collects the evidence of one POST. `evidence` resolves exactly once, and never rejects. */
class PostHandler implements Dispatcher.DispatchHandler {
  readonly evidence: Promise<SubmissionEvidence>;
  readonly #request: PostRequest;
  #settle: (evidence: SubmissionEvidence) => void = () => undefined;
  #bytesMayHaveLeft = false;
  #timer: NodeJS.Timeout | undefined;
  #status: number | undefined;
  #retryAfterMs: number | undefined;
  #encoding: string | string[] | undefined;
  #chunks: Buffer[] = [];
  #sizeBytes = 0;

  constructor(request: PostRequest) {
    this.#request = request;
    this.evidence = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (!this.#request.mayBegin()) {
      controller.abort(new Error('not sent: the rest of the attempt is too short for it'));
      return;
    }
    this.#bytesMayHaveLeft = true;
    const expire = (): void => controller.abort(new Error('no whole reply in time'));
    this.#timer = setTimeout(expire, this.#request.replyTimeoutMs());
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (status < 200) return;
    this.#status = status;
    this.#encoding = headers['content-encoding'];
    this.#retryAfterMs = retryAfterMs(headers['retry-after'], this.#request.now());
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > REPLY_BYTES) controller.abort(new Error(`the reply is over ${REPLY_BYTES} bytes`));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    void this.#finish(true, '');
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    void this.#finish(false, error.message);
  }

  async #finish(isWhole: boolean, message: string): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#status === undefined) {
      this.#settle({ from: 'connection', bytesMayHaveLeft: this.#bytesMayHaveLeft, message });
      return;
    }
    const bytes = Buffer.concat(this.#chunks);
    // A body that cannot be decoded is none: it may have held the project.
    const body = await decodeBody(bytes, this.#encoding, REPLY_BYTES).catch(() => undefined);
    this.#settle({
      from: 'reply',
      status: this.#status,
      body: body ?? '',
      complete: isWhole && body !== undefined,
      ...(this.#retryAfterMs === undefined ? {} : { retryAfterMs: this.#retryAfterMs }),
      at: new Date(this.#request.now()).toISOString(),
    });
  }
}

/**
 * Sends one movie on a fresh connection, without retry or redirect, never twice. Always resolves with the evidence, which
 * `classifySubmission` turns into an end.
 */
export async function postMovie(request: PostRequest): Promise<SubmissionEvidence> {
  const client = new Client(request.url.origin, {
    connect: fencedConnector(request),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const handler = new PostHandler(request);
    const path = request.url.pathname + request.url.search;
    client.dispatch(
      { method: 'POST', path, headers: { ...request.headers }, body: request.body, reset: true },
      handler,
    );
    return await handler.evidence;
  } finally {
    await client.destroy();
  }
}

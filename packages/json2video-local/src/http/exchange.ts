import type { IncomingMessage, ServerResponse } from 'node:http';

import { MAX_DRAINED_BYTES } from '../limits.js';
import type { Reply } from './reply.js';

/** What was read of a request's body; `tooLarge` carries no text. */
export type RequestBody = { kind: 'text'; text: string } | { kind: 'too-large' } | { kind: 'gone' };

/** One request on its raw connection: everything a fault may want to do to it. */
export class Exchange {
  /** Resolves when the connection is done with this exchange, answered or not. */
  readonly gone: Promise<void>;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  #isGone = false;
  #sentStatus: number | null = null;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.gone = new Promise((resolve) => {
      response.once('close', () => {
        this.#isGone = true;
        this.#sentStatus = response.headersSent ? response.statusCode : null;
        resolve();
      });
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Once gone: the status that went out, if any did. */
  get sentStatus(): number | null {
    return this.#sentStatus;
  }

  /** Reads on past the limit, so that the client is still listening when it is refused. */
  async readBody(limitBytes: number): Promise<RequestBody> {
    const { 'content-length': length, 'transfer-encoding': encoding } = this.#request.headers;
    if (length === undefined && encoding === undefined) return { kind: 'text', text: '' };
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    try {
      for await (const chunk of this.#request) {
        if (!Buffer.isBuffer(chunk)) continue;
        sizeBytes += chunk.length;
        if (sizeBytes <= limitBytes) chunks.push(chunk);
        if (sizeBytes > MAX_DRAINED_BYTES) this.close();
      }
    } catch {
      return { kind: 'gone' };
    }
    if (sizeBytes > limitBytes) return { kind: 'too-large' };
    return { kind: 'text', text: Buffer.concat(chunks).toString('utf8') };
  }

  /** Does nothing when the client has left, or has been answered. */
  send(reply: Reply): void {
    if (this.#isGone || this.#response.headersSent) return;
    this.#head(reply);
    this.#response.end(reply.body);
  }

  /** Promises the whole body, sends its first `bytes`, and hangs up. */
  sendPart(reply: Reply, bytes: number): void {
    this.#head(reply);
    this.#response.flushHeaders();
    const part = Buffer.from(reply.body).subarray(0, bytes);
    if (part.length > 0) this.#response.write(part);
    this.#request.socket.destroySoon();
  }

  /** Sends `bytes` at a time, `pause` in between; the pause ends early, with false, when the client is gone. */
  async sendSlowly(reply: Reply, bytes: number, pause: () => Promise<boolean>): Promise<void> {
    this.#head(reply);
    this.#response.flushHeaders();
    const body = Buffer.from(reply.body);
    for (let sent = 0; sent < body.length; sent += bytes) {
      if (!(await pause())) return;
      this.#response.write(body.subarray(sent, sent + bytes));
    }
    this.#response.end();
  }

  /** Hangs up without a word. */
  close(): void {
    this.#request.socket.destroy();
  }

  /** Hangs up with a TCP RST: the client sees "connection reset". */
  reset(): void {
    this.#request.socket.resetAndDestroy();
  }

  #head(reply: Reply): void {
    const length = { 'content-length': String(Buffer.byteLength(reply.body)) };
    this.#response.writeHead(reply.code, { ...length, ...reply.headers });
  }
}

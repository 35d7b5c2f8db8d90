import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Reply } from './reply.js';

/** Bytes read in all before the connection is cut: an oversized client must still see its 413. */
const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** The body of a request, as far as it was read. */
type RequestBody = { kind: 'text'; text: string } | { kind: 'too-large' } | { kind: 'gone' };

/** One request on its raw connection, with everything that a fault may do to it. */
export class Exchange {
  /** Resolves when the exchange has ended, answered or not. */
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

  /** The status that went out, once the exchange has ended; null if none did. */
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

  /** Sends the reply, unless the client has left or has been answered. */
  send(reply: Reply): void {
    if (this.#isGone || this.#response.headersSent) return;
    this.#head(reply);
    this.#response.end(reply.body);
  }

  /** Promises the whole body, sends its first `bytes`, and closes the connection. */
  sendPart(reply: Reply, bytes: number): void {
    this.#head(reply);
    this.#response.flushHeaders();
    const part = Buffer.from(reply.body).subarray(0, bytes);
    if (part.length > 0) this.#response.write(part);
    this.#request.socket.destroySoon();
  }

  /** Sends `bytes` at a time, with `pause` between them. A pause ends early, with false, when the client has left. */
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

  /** Closes the connection without a reply. */
  close(): void {
    this.#request.socket.destroy();
  }

  /** Closes the connection with a TCP RST: the client sees "connection reset". */
  reset(): void {
    this.#request.socket.resetAndDestroy();
  }

  #head(reply: Reply): void {
    const length = { 'content-length': String(Buffer.byteLength(reply.body)) };
    this.#response.writeHead(reply.code, { ...length, ...reply.headers });
  }
}

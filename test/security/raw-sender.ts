import { connect, type Socket } from 'node:net';
import { afterAll } from 'vitest';

const open = new Set<Socket>();

/** A sender that keeps to no rule of HTTP: bytes, when it likes. */
export class RawSender {
  readonly #socket: Socket;
  #text = '';
  /** All that was received, once the connection has ended, by whatever hand. */
  readonly ended: Promise<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    open.add(socket);
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.#text += chunk;
    });
    socket.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        open.delete(socket);
        resolve(this.#text);
      });
    });
  }

  static async connect(url: string): Promise<RawSender> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    const sender = new RawSender(socket);
    await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), sender.ended]);
    return sender;
  }

  send(bytes: string | Uint8Array): this {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** Whether the other end still holds the connection. */
  get isOpen(): boolean {
    return open.has(this.#socket);
  }

  /** Resolves with what was received so far as soon as it holds an answer's head. */
  async answered(): Promise<string> {
    while (!this.#text.includes('\r\n\r\n') && this.isOpen) {
      await Promise.race([new Promise((resolve) => this.#socket.once('data', resolve)), this.ended]);
    }
    return this.#text;
  }

  close(): Promise<string> {
    this.#socket.destroy();
    return this.ended;
  }
}

/** Registers that a file's senders are closed in the end. */
export function closeSenders(): void {
  afterAll(async () => {
    for (const socket of open) socket.destroy();
  });
}

/** The status of an answer in the raw, and nothing where there is none. */
export function statusIn(answer: string): number | undefined {
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(answer) ?? [];
  return status === undefined ? undefined : Number(status);
}

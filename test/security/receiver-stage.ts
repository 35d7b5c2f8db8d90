import { afterAll, beforeAll } from 'vitest';
import { type Receiver, type ReceiverOptions, signToken, startReceiver } from '../../src/receiver/index.js';
import { CARD, freshKey, openStage, SECRET, type Stage } from '../support/stage.js';

/** An engine that holds renders, and receivers in this process, whose limits a test may narrow. */
export class ReceiverStage {
  #stage: Stage | undefined;
  readonly #receivers: Receiver[] = [];

  async open(): Promise<void> {
    this.#stage = await openStage();
  }

  get stage(): Stage {
    if (this.#stage === undefined) throw new Error('the stage is opened before all tests');
    return this.#stage;
  }

  async startReceiver(options: Partial<ReceiverOptions> = {}): Promise<string> {
    const { client } = this.stage;
    const local = { client, secrets: [SECRET], now: Date.now, host: '127.0.0.1', port: 0 };
    const receiver = await startReceiver({ ...local, ...options });
    this.#receivers.push(receiver);
    return receiver.url;
  }

  /** A render that waits for a worker: it is there, and holds what it is told. */
  async openKey(): Promise<string> {
    const key = freshKey('open');
    await this.stage.renders.start(key, CARD);
    return key;
  }

  async signalsOf(key: string): Promise<number> {
    const { events } = await this.stage.client.workflow.getHandle(key).fetchHistory();
    return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes).length;
  }

  async close(): Promise<void> {
    await Promise.all(this.#receivers.map((receiver) => receiver.stop()));
    await this.stage.close();
  }
}

/** Registers the stage for a file. */
export function receiverStage(): ReceiverStage {
  const at = new ReceiverStage();
  beforeAll(() => at.open());
  afterAll(() => at.close());
  return at;
}

export const pathFor = (key: string, secret = SECRET, expiresInMs = 60_000): string =>
  `/json2video/${signToken(key, new Date(Date.now() + expiresInMs), [secret])}`;

/** A body of which the claim is read. */
export const CLAIM = JSON.stringify({ project: 'JkGxEoPRF9EgRb32', status: 'done' });

/** A whole request in the raw; `headers` replace the usual ones. */
export function rawRequest(path: string, body: string, headers?: readonly string[]): string {
  const head = headers ?? ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`];
  return [`POST ${path} HTTP/1.1`, 'Host: receiver', ...head, '', body].join('\r\n');
}

import { Agent, errors, request } from 'undici';
import { HTTP_GET_MS, REPLY_BYTES } from '../render/limits.js';
import { retryAfterMs } from './retry-after.js';

/** A whole HTTP reply. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
  /** The server's clock, in whole seconds, where it tells it. */
  readonly dateMs?: number;
}

export interface GetLimits {
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export type HttpGet = (url: URL, headers: Record<string, string>, limits?: GetLimits) => Promise<HttpReply>;

const SINGLE: GetLimits = { timeoutMs: HTTP_GET_MS, maxBytes: REPLY_BYTES };

/** A GET with a deadline and a body cap on kept-alive connections. Rejects when no whole reply came. */
export function createHttpGet(now: () => number): {
  readonly get: HttpGet;
  readonly close: () => Promise<void>;
} {
  const agent = new Agent({ connect: { timeout: HTTP_GET_MS } });
  const get: HttpGet = async (url, headers, { timeoutMs, maxBytes } = SINGLE) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = await request(url, { dispatcher: agent, headers, signal });
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of reply.body) {
      const bytes: Buffer = Buffer.from(chunk);
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes)
        throw new errors.ResponseExceededMaxSizeError(`the reply is over ${maxBytes} bytes`);
      chunks.push(bytes);
    }
    const wait = retryAfterMs(reply.headers['retry-after'], now());
    const dateMs = Date.parse(String(reply.headers['date']));
    return {
      status: reply.statusCode,
      body: Buffer.concat(chunks).toString('utf8'),
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      ...(Number.isNaN(dateMs) ? {} : { dateMs }),
    };
  };
  return { get, close: () => agent.destroy() };
}

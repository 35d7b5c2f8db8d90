import { Agent, request } from 'undici';
import { HTTP_GET_MS, REPLY_BYTES } from '../render/limits.js';
import { retryAfterMs } from './retry-after.js';

/** A whole HTTP reply. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
}

export type HttpGet = (url: URL, headers: Record<string, string>) => Promise<HttpReply>;

/** A GET with a deadline and a body cap on kept-alive connections. Rejects when no whole reply came. */
export function createHttpGet(now: () => number): {
  readonly get: HttpGet;
  readonly close: () => Promise<void>;
} {
  const agent = new Agent({ connect: { timeout: HTTP_GET_MS }, maxResponseSize: REPLY_BYTES });
  const get: HttpGet = async (url, headers) => {
    const signal = AbortSignal.timeout(HTTP_GET_MS);
    const reply = await request(url, { dispatcher: agent, headers, signal });
    const body = await reply.body.text();
    const wait = retryAfterMs(reply.headers['retry-after'], now());
    return { status: reply.statusCode, body, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
  };
  return { get, close: () => agent.destroy() };
}

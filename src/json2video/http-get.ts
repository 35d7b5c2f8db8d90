import { Agent, errors, request } from 'undici';
import { REPLY_BYTES } from '../render/limits.js';

/** From connect to the last byte. The API page suggests 30 s. */
const GET_MS = 30_000;

/** A whole HTTP reply. */
export interface HttpReply {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
  /** The server's clock in whole seconds; absent if the reply has no `Date`. */
  readonly dateMs?: number;
  /** True if the reply has an `Age` header, which only caches add: it may be of an earlier time. */
  readonly isCached?: true;
}

interface GetLimits {
  readonly timeoutMs?: number | undefined;
  readonly maxBytes?: number;
}

/** A GET that resolves with the whole reply, also if its status is an error. */
export type HttpGet = (url: URL, headers: Record<string, string>, limits?: GetLimits) => Promise<HttpReply>;

/**
 * Creates a GET on kept-alive connections, with a deadline and a limit for the body. The GET rejects unless the whole
 * reply arrives.
 */
export function createHttpGet(now: () => number): {
  readonly get: HttpGet;
  readonly close: () => Promise<void>;
} {
  const agent = new Agent({ connect: { timeout: GET_MS } });
  const get: HttpGet = async (url, headers, { timeoutMs = GET_MS, maxBytes = REPLY_BYTES } = {}) => {
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
      ...(reply.headers['age'] === undefined ? {} : { isCached: true }),
    };
  };
  return { get, close: () => agent.destroy() };
}

/**
 * Returns the wait that a `Retry-After` header asks for, in milliseconds, from seconds or from an HTTP date; undefined if
 * the header is absent or unreadable. No page of the provider documents the header, so callers limit the wait.
 */
export function retryAfterMs(header: unknown, nowMs: number): number | undefined {
  const value: unknown = Array.isArray(header) ? header[0] : header;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  // An HTTP date always ends in GMT; Date.parse alone accepts many other texts.
  const at = text.endsWith('GMT') ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Shorter keys are test keys, and other words may contain them. */
const API_KEY_CHARACTERS = 8;

/** Returns a function that removes the API key from a reply: it must not reach a history, a log or an error. */
export function hiding(apiKey: string): <T extends object>(reply: T) => T {
  if (apiKey.length < API_KEY_CHARACTERS) return (reply) => reply;
  return (reply) =>
    'body' in reply && typeof reply.body === 'string'
      ? { ...reply, body: reply.body.replaceAll(apiKey, '[API key]') }
      : reply;
}

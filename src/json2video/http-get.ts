import { Agent, errors, request } from 'undici';
import { REPLY_BYTES } from '../render/limits.js';
import { connectorThrough } from './connector.js';
import { decodeBody } from './decode-body.js';
import type { Proxy } from './proxy.js';

/** From connect to the last byte. The API page suggests 30 s. */
const GET_MS = 30_000;

/** Content codings that `decodeBody` knows. Proxies compress replies unasked, too. */
const ACCEPTED_CODINGS = 'gzip, deflate, br';

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
 * Creates a GET on kept-alive connections, through a proxy if there is one, with a deadline and a limit for the decoded
 * body. The GET rejects unless the whole reply arrives.
 */
export function createHttpGet(
  now: () => number,
  proxy?: Proxy,
): {
  readonly get: HttpGet;
  readonly close: () => Promise<void>;
} {
  const agent = new Agent({ connect: connectorThrough(proxy, GET_MS) });
  const get: HttpGet = async (url, headers, { timeoutMs = GET_MS, maxBytes = REPLY_BYTES } = {}) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const asked = { 'accept-encoding': ACCEPTED_CODINGS, ...headers };
    const reply = await request(url, { dispatcher: agent, headers: asked, signal });
    const bytes = await readBytes(reply.body, maxBytes).catch((error: unknown) => {
      if (!signal.aborted) throw error;
      // The reply had begun: a smaller one may come in time.
      throw new errors.ResponseExceededMaxSizeError(`the reply takes longer than ${timeoutMs} ms`);
    });
    const wait = retryAfterMs(reply.headers['retry-after'], now());
    const dateMs = Date.parse(String(reply.headers['date']));
    return {
      status: reply.statusCode,
      body: await decodeBody(bytes, reply.headers['content-encoding'], maxBytes),
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
      ...(Number.isNaN(dateMs) ? {} : { dateMs }),
      ...(reply.headers['age'] === undefined ? {} : { isCached: true }),
    };
  };
  return { get, close: () => agent.destroy() };
}

async function readBytes(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > maxBytes)
      throw new errors.ResponseExceededMaxSizeError(`the reply is over ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Returns a URL with these parameters in its query, beside those that it has. */
export function withQuery(url: URL, query: Iterable<readonly [string, string]>): URL {
  const target = new URL(url);
  for (const [name, value] of query) target.searchParams.set(name, value);
  return target;
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

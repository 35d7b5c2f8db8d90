import { Agent, request } from 'undici';
import { Webhook } from 'standardwebhooks';
import { retryAfterMs } from '../json2video/http-get.js';
import type { Announcement } from '../render/event.js';
import type { NotifyTarget } from '../render/follow.js';
import { messageOf, shorten } from '../text/text.js';
import { eventBody, eventId } from './body.js';
import type { Destination, Destinations } from './destinations.js';
import { publicConnector } from './public-connector.js';

/** Time of one attempt, from the resolver to the head of the answer. */
const ATTEMPT_MS = 15_000;

/** Bytes of an answer that are read, so that its connection can be used again. */
const ANSWER_BYTES = 16_384;

/** End of one attempt to deliver an event. */
export type DeliveryAttempt =
  | { readonly end: 'delivered'; readonly status: number }
  /** The destination does not want this type. */
  | { readonly end: 'unwanted' }
  | { readonly end: 'failed'; readonly message: string; readonly retryAfterMs?: number }
  /** The receiver says that it takes no further attempt. */
  | { readonly end: 'refused'; readonly message: string }
  /** The attempt failed on our side: it does not count. */
  | { readonly end: 'not made'; readonly message: string };

/** Delivers events, one attempt at a time. */
export interface EventSender {
  attempt(event: Announcement, to: NotifyTarget, namespace: string): Promise<DeliveryAttempt>;
  close(): Promise<void>;
}

interface SenderOptions {
  readonly destinations: Destinations;
  /** True to connect to private addresses too. */
  readonly allowPrivate: boolean;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Called after each attempt with its end and its duration in seconds. */
  readonly onAttempt?: ((end: DeliveryAttempt['end'], seconds: number) => void) | undefined;
}

/** Creates a sender. It signs each event with all secrets of the destination and follows no redirect. */
export function createEventSender({
  destinations,
  allowPrivate,
  now,
  onAttempt,
}: SenderOptions): EventSender {
  const agent = new Agent({ connect: allowPrivate ? { timeout: ATTEMPT_MS } : publicConnector(ATTEMPT_MS) });

  async function attempt(event: Announcement, to: NotifyTarget, namespace: string): Promise<DeliveryAttempt> {
    const found = destinations.find(to);
    if (typeof found === 'string') {
      return event.isOptional === true ? { end: 'unwanted' } : { end: 'not made', message: found };
    }
    if (found.types?.includes(event.type) === false) return { end: 'unwanted' };
    const body = eventBody(event);
    const headers = signed(found, eventId(namespace, event), body, now());
    try {
      const answer = await request(found.url, {
        method: 'POST',
        dispatcher: agent,
        headers: { 'content-type': 'application/json', 'user-agent': 'renderonce', ...headers },
        body,
        signal: AbortSignal.timeout(ATTEMPT_MS),
      });
      await answer.body.dump({ limit: ANSWER_BYTES }).catch(() => undefined);
      return verdictOf(answer.statusCode, answer.headers, now());
    } catch (error) {
      return faultOf(error);
    }
  }

  return {
    attempt: async (event, to, namespace) => {
      const startedMs = performance.now();
      const ended = await attempt(event, to, namespace);
      onAttempt?.(ended.end, (performance.now() - startedMs) / 1_000);
      return ended;
    },
    close: () => agent.destroy(),
  };
}

/** Returns the headers of Standard Webhooks. */
function signed({ secrets }: Destination, id: string, body: string, atMs: number): Record<string, string> {
  const at = new Date(atMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret.reveal()).sign(id, at, body)).join(' '),
  };
}

function verdictOf(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  nowMs: number,
): DeliveryAttempt {
  if (status >= 200 && status < 300) return { end: 'delivered', status };
  const message = `HTTP ${status}`;
  const isAborted = headers['webhook-delivery'] === 'abort-message';
  if (status === 410 || isAborted) {
    return { end: 'refused', message: `${message}: the receiver takes no further attempt` };
  }
  const wait = retryAfterMs(headers['retry-after'], nowMs);
  return { end: 'failed', message, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

/** Codes of failures of this machine: its resolver, its network, its file descriptors. */
const OWN_FAULTS = [
  'EAI_AGAIN',
  'EAI_FAIL',
  'ESERVFAIL',
  'ENETDOWN',
  'ENETUNREACH',
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
];

function faultOf(error: unknown): DeliveryAttempt {
  const isTimeout = error instanceof Error && error.name === 'TimeoutError';
  const message = isTimeout ? `no answer within ${ATTEMPT_MS / 1_000} s` : shorten(messageOf(error));
  return { end: OWN_FAULTS.includes(codeOf(error)) ? 'not made' : 'failed', message };
}

/** Returns the code of an error; of several, those of a name's addresses, that of the first. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0)
    return codeOf(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : '';
}

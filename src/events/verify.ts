import { Webhook } from 'standardwebhooks';
import { EVENT_TYPES, type EventData, type EventType } from '../render/event.js';
import { RenderonceError } from '../render/renderonce-error.js';
import { isJsonObject } from '../text/json.js';
import { messageOf } from '../text/text.js';

/** An event of each type, as a receiver gets it. */
export type RenderEvent = {
  readonly [Type in EventType]: {
    /** The same on every attempt and replay: store it together with the effect, and have each effect once. */
    readonly id: string;
    readonly type: Type;
    /** ISO time of what the event reports. */
    readonly timestamp: string;
    readonly data: EventData[Type];
  };
}[EventType];

/** Headers of a request: of `node:http`, of `fetch`, or a plain object. */
type EventHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** A request that is no event of these secrets. Answer it with 400. */
export class EventInvalid extends RenderonceError {
  readonly code = 'EventInvalid';
  readonly next = 'Answer with 400 and have no effect: the request does not come from your renderonce.';
}

/**
 * Verifies the signature of an event and its time, which must lie within 5 minutes of now, and returns the event.
 *
 * @param body the body as it came, before any parser
 * @param secrets the secrets of the destination; one of them must have signed
 * @throws EventInvalid
 *
 * @example
 * const event = verifyEvent(await request.text(), request.headers, [process.env.EVENTS_SECRET]);
 */
export function verifyEvent(
  body: string | Uint8Array,
  headers: EventHeaders,
  secrets: string | readonly string[],
): RenderEvent {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const id = headerOf(headers, 'webhook-id');
  const signed = {
    'webhook-id': id,
    'webhook-timestamp': headerOf(headers, 'webhook-timestamp'),
    'webhook-signature': headerOf(headers, 'webhook-signature'),
  };
  const event = verifiedBy([secrets].flat(), text, signed);
  if (!isEvent(event)) throw new EventInvalid('the body is no event');
  return { ...event, id };
}

function verifiedBy(secrets: readonly string[], text: string, signed: Record<string, string>): unknown {
  let why = 'no secret is given';
  for (const secret of secrets) {
    try {
      return new Webhook(secret).verify(text, signed);
    } catch (error) {
      why = messageOf(error);
    }
  }
  throw new EventInvalid(`the event cannot be verified: ${why}`);
}

function headerOf(headers: EventHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? '';
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : (found?.[0] ?? '');
}

/** Trusts the members: the signature says that renderonce made them. */
function isEvent(value: unknown): value is RenderEvent {
  return (
    isJsonObject(value) && EVENT_TYPES.some((type) => type === value['type']) && isJsonObject(value['data'])
  );
}

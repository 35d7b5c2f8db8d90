import { createHmac } from 'node:crypto';
import type { ReceivedEvent } from './event-receiver.js';

/** The signing secret of tests. */
export const EVENT_SECRET = 'whsec_YSBzZWNyZXQgb2YgMzIgYnl0ZXMgZm9yIHRlc3RzIQ==';

/** True if an event has one signature, that of the secret, as the specification of Standard Webhooks makes it. */
export function isSignedRight({ headers, body }: Pick<ReceivedEvent, 'headers' | 'body'>): boolean {
  const secret = Buffer.from(EVENT_SECRET.replace('whsec_', ''), 'base64');
  const text = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', secret).update(text).digest('base64')}`;
}

import { createHash } from 'node:crypto';
import type { Announcement } from '../render/event.js';
import { utf8Bytes } from '../text/text.js';

/** Standard Webhooks advises small bodies; receivers cut larger ones off. */
const BODY_BYTES = 20_000;

/** Members that a body can lose if it is too large, the first first. */
const DISPENSABLE = ['clientData', 'decisions', 'subtitlesUrl', 'message'] as const;

/** Returns the ID of an event: the same on every attempt and replay, so that a receiver can tell a repetition. */
export function eventId(
  namespace: string,
  { subject, type }: Pick<Announcement, 'subject' | 'type'>,
): string {
  const hash = createHash('sha256').update(JSON.stringify([namespace, ...subject, type]));
  return `evt_${hash.digest('base64url')}`;
}

/** Returns the body of an event. Drops the caller's own data from a body that would be too large, and says so. */
export function eventBody({
  type,
  timestamp,
  data,
}: Pick<Announcement, 'type' | 'timestamp' | 'data'>): string {
  let body = JSON.stringify({ type, timestamp, data });
  const left: Record<string, unknown> = { ...data };
  const omitted: string[] = [];
  for (const name of DISPENSABLE) {
    if (utf8Bytes(body) <= BODY_BYTES) break;
    if (left[name] === undefined) continue;
    delete left[name];
    omitted.push(name);
    body = JSON.stringify({ type, timestamp, data: { ...left, omitted } });
  }
  return body;
}

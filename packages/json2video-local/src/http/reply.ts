import type { Quirks } from '../quirks.js';
import type { Call } from '../records/journal.js';

/** What goes back over the wire. `body` is sent as it is; its length becomes `content-length`. */
export interface Reply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function jsonReply(code: number, value: unknown): Reply {
  return { code, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** The one code that is known, from a test of the provider's own client. */
const CODE = 'E1002';

/**
 * A refusal. `POST /v2/movies` answers `{ message }` without `success`, everything else the documented envelope
 * (what the provider's own integration notes say; contradiction C2).
 */
export function refusal(quirks: Quirks, call: Call, code: number, message: string): Reply {
  const shape = call === 'create' ? quirks.refusalBody : 'envelope';
  switch (shape) {
    case 'message':
      return jsonReply(code, { message });
    case 'message-code':
      return jsonReply(code, { message, code: CODE });
    case 'error':
      return jsonReply(code, { error: message });
    case 'envelope':
      return jsonReply(code, { success: false, message });
  }
}

/** A wrong or missing key: 400 with the full envelope on every call, as observed live (C1). */
export function keyRefusal(quirks: Quirks, message: string): Reply {
  return jsonReply(quirks.badKey, { success: false, message });
}

/** A role that is too low: 403, but the page about deleting says that all its refusals are 400. */
export function roleRefusal(quirks: Quirks, call: Call): Reply {
  return refusal(quirks, call, call === 'delete' ? 400 : 403, 'Insufficient permissions');
}

/** Nothing left to pay with (C21). */
export function creditRefusal(quirks: Quirks, call: Call): Reply {
  if (quirks.noCredits !== 401) return refusal(quirks, call, 400, 'Insufficient credits');
  const message = 'You exceeded the quota of movies in your plan. Please upgrade your plan to continue.';
  return refusal(quirks, call, 401, message);
}

/** Too many requests (C3). No page documents a body or a header, so both are switches. */
export function tooManyRequests(quirks: Quirks, waitSeconds: number): Reply {
  const retryAfter = { 'retry-after': String(waitSeconds) };
  const isJson = quirks.rateLimit.startsWith('json');
  const reply = isJson
    ? jsonReply(429, { success: false, message: 'Too many requests' })
    : { code: 429, headers: {}, body: '' };
  return quirks.rateLimit.endsWith('retry-after')
    ? { ...reply, headers: { ...reply.headers, ...retryAfter } }
    : reply;
}

/** The server error that leaks out for a project that this account does not have (observed live, C11). */
export function leakedError(): Reply {
  return jsonReply(400, {
    success: false,
    message: "TypeError: Cannot read properties of null (reading 'success')",
  });
}

import type { JsonObject } from '../json.js';
import type { Call } from '../records/journal.js';
import type { Switches } from '../switches.js';

/** A reply as it goes over the wire. `body` is sent as it is; its length becomes `content-length`. */
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
 * Makes a refusal. `POST /v2/movies` answers `{ message }` without `success`, every other call the documented
 * envelope (the provider's own integration notes say so; contradiction C2).
 */
export function refusal(switches: Switches, call: Call, code: number, message: string): Reply {
  const shape = call === 'create' ? switches.refusalBody : 'envelope';
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

/** Refuses a wrong or missing key: 400 with the full envelope on every call, as observed live (C1). */
export function keyRefusal(switches: Switches, message: string): Reply {
  return jsonReply(switches.badKey, { success: false, message });
}

/** Refuses a submission for lack of credits (C21). */
export function creditRefusal(switches: Switches, call: Call): Reply {
  if (switches.noCredits !== 401) return refusal(switches, call, 400, 'Insufficient credits');
  const message = 'You exceeded the quota of movies in your plan. Please upgrade your plan to continue.';
  return refusal(switches, call, 401, message);
}

/**
 * Answers a call for a project that this account does not have; the sources give five answers (C11).
 *
 * @param quota of a status call; without it the call is a deletion, which has two answers
 */
export function unknownProject(switches: Switches, project: string, quota?: JsonObject): Reply {
  if (quota === undefined && switches.unknownProject !== 404) return leakedError();
  const answered = { success: true, remaining_quota: quota };
  const message = `Movie ${project} not found`;
  switch (switches.unknownProject) {
    case 400:
      return leakedError();
    case 404:
      return jsonReply(404, { success: false, message });
    case 'empty':
      return jsonReply(200, { ...answered, movie: {} });
    case 'missing':
      return jsonReply(200, answered);
    case 'error':
      return jsonReply(200, { ...answered, movie: { success: false, status: 'error', message, project } });
  }
}

/** The provider's words, observed live: an error of its server that leaks out (C11). It is not an error of this one. */
const LEAKED = "TypeError: Cannot read properties of null (reading 'success')";

function leakedError(): Reply {
  const reply = jsonReply(400, { success: false, message: LEAKED });
  return { ...reply, headers: { ...reply.headers, 'x-json2video-local': "the provider's words" } };
}

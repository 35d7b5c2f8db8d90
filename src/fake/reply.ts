/** What goes back over the wire. `body` is sent as it is; its length becomes `content-length`. */
export interface Reply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

export function jsonReply(code: number, value: unknown): Reply {
  return { code, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/**
 * A refusal. `POST /v2/movies` answers `{ message }` without `success`, everything else the documented
 * envelope (what the provider's own integration notes say; contradiction C2 of the API notes).
 */
export function refusal(call: string, code: number, message: string): Reply {
  return jsonReply(code, call === 'create' ? { message } : { success: false, message });
}

/** A wrong or missing key: 400 with the full envelope on every call, as observed live (C1). */
export function keyRefusal(message: string): Reply {
  return jsonReply(400, { success: false, message });
}

/** The server error that leaks out for a project this account does not have (observed live, C11). */
export function unknownProject(): Reply {
  return jsonReply(400, {
    success: false,
    message: "TypeError: Cannot read properties of null (reading 'success')",
  });
}

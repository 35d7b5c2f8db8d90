/** Limits that several files share, each with its unit and its reason. A limit of one file stands in that file. */

/** A movie is one payload. The engine refuses payloads over 2 MiB, and a codec may add a third. */
export const MOVIE_BYTES = 1_500_000;

/** A reply to a POST or a single GET. Real ones have under 10 KB; a GET may carry a 2 MB movie as text. */
export const REPLY_BYTES = 4_000_000;

/** Name of a person who decides. */
export const PERSON_CHARACTERS = 100;

/** A project. The provider's have 16 characters today, in no documented form. */
export const PROJECT_CHARACTERS = 64;

/** One unary call to the engine, if the caller set no deadline of its own. */
export const ENGINE_CALL_MS = 10_000;

/** Pause between two confirming GETs of one project, for any number of hints. */
export const CONFIRM_INTERVAL_MS = 5_000;

/** Age up to which an accepted render is a witness for the provider's list; an older project may be gone from the list. */
export const WITNESS_MS = 31 * 86_400_000;

/** A key is a workflow ID. Engines on SQL cap those at 255 bytes; the rest is a margin for prefixes in URLs. */
export const KEY_BYTES = 200;

/** Limits that several files share, each with its unit and its reason. A limit of one file stands in that file. */

/** A movie is one payload. The engine refuses payloads over 2 MiB, and a codec may add a third. */
export const MOVIE_BYTES = 1_500_000;

/** A reply to a POST or a single GET. Real ones have under 10 KB; a GET may carry a 2 MB movie as text. */
export const REPLY_BYTES = 4_000_000;

/** Name of a person who decides. */
export const PERSON_CHARACTERS = 100;

/** A project. The provider's have 16 characters today, in no documented form. */
export const PROJECT_CHARACTERS = 64;

/** A static summary may have 200 bytes in the engine; the label gets what the key leaves. */
export const SUMMARY_BYTES = 200;

/** One unary call to the engine, if the caller set no deadline of its own. */
export const ENGINE_CALL_MS = 10_000;

/** `submitOnce` waits this long for the project by default. */
export const SUBMIT_DEADLINE_MS = 30_000;

/** `watch` asks the engine for a render's state at this interval: soon enough for a person, one small call for the engine. */
export const WATCH_INTERVAL_MS = 1_000;

/** `resolve` waits this long for a decision to take effect: it may take three GETs at a slow provider. */
export const DECISION_DEADLINE_MS = 150_000;

/** Pause between two confirming GETs of one project, for any number of hints. */
export const CONFIRM_INTERVAL_MS = 5_000;

/** A payload after decompression; a movie with all around it has at most 1.6 MB, and a bomb must not fill the memory. */
export const DECODED_PAYLOAD_BYTES = 8_000_000;

/** A request to the codec server: the UI sends all payloads of an event at once, in base64. */
export const CODEC_BODY_BYTES = 16_000_000;

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

/** Longest pause before the provider is asked again after a refusal or an unreadable status. */
export const REFUSED_BACKOFF_MAX_MS = 300_000;

/** One unary call to the engine, if the caller set no deadline of its own. */
export const ENGINE_CALL_MS = 10_000;

/** `submitOnce` waits this long for the project by default. */
export const SUBMIT_DEADLINE_MS = 30_000;

/** `watch` asks the engine for a render's state at this interval: soon enough for a person, one small call for the engine. */
export const WATCH_INTERVAL_MS = 1_000;

/** `resolve` waits this long for a decision to take effect: it may take three GETs at a slow provider. */
export const DECISION_DEADLINE_MS = 150_000;

/** One GET from the provider, from connect to the last byte. The API page suggests 30 s. */
export const HTTP_GET_MS = 30_000;

/** Hints kept while it is not yet known which project is ours; more tell nothing new. */
export const HINTS_KEPT = 8;

/** Pause between two confirming GETs of one project, for any number of hints. */
export const CONFIRM_INTERVAL_MS = 5_000;

/** Hints that one run can record: deliveries are hashed into this many request IDs, and the engine drops repetitions. */
export const HINT_IDS = 32;

/** The engine must take a hint within this time, or the delivery is refused; the provider is said to wait for 5 s. */
export const SIGNAL_DEADLINE_MS = 3_000;

/** The body of a webhook delivery; real ones are under 2 KB, `client-data` may be longer. */
export const WEBHOOK_BODY_BYTES = 65_536;

/** Connections that the receiver holds open at once. */
export const RECEIVER_CONNECTIONS = 2_048;

/** The headers of a delivery must arrive within this time of the connection, or of the delivery before. */
export const RECEIVER_HEADERS_MS = 5_000;

/** Headers and body of a delivery must arrive within this time. */
export const RECEIVER_REQUEST_MS = 10_000;

/** Connections are looked through for slow senders this often; Node's own 30 s would let them stay for longer. */
export const RECEIVER_SWEEP_MS = 1_000;

/** Proxies in front of the receiver; a longer chain is a mistake. */
export const TRUSTED_PROXY_HOPS = 16;

/** Provider requests a second for a task queue; more is a mistake. */
export const PROVIDER_RPS = 10_000;

/** A payload after decompression; a movie with all around it has at most 1.6 MB, and a bomb must not fill the memory. */
export const DECODED_PAYLOAD_BYTES = 8_000_000;

/** A request to the codec server: the UI sends all payloads of an event at once, in base64. */
export const CODEC_BODY_BYTES = 16_000_000;

/** How many renders are in which state is asked of the engine this often at most, however many scrape: its index may lag by a second anyway. */
export const CENSUS_INTERVAL_MS = 20_000;

/** The engine must have counted within this time; Prometheus gives a scrape 10 s. */
export const CENSUS_DEADLINE_MS = 5_000;

/** Renders of one state that are read for the age of the oldest; with more, people have other worries. */
export const CENSUS_RENDERS = 1_000;

/** The SDK's metrics are taken from its buffer this often; at 1,000 updates a second it then holds 2,000. */
export const SDK_METRICS_DRAIN_MS = 2_000;

/** Updates that the SDK's buffer holds; ten times what comes between two drains of a busy worker. */
export const SDK_METRICS_BUFFER = 20_000;

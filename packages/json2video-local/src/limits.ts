/** The provider's limits, and our own on what the fake keeps. Each with its unit and its reason. */

/** Movie JSON, bytes: what integrators report before a 413. */
export const MAX_MOVIE_BYTES = 2 * 1024 * 1024;

/** Levels of objects and arrays in one movie. Ours: every walk through a movie is recursive. */
export const MAX_MOVIE_DEPTH = 100;

/** Copies that the `iterate` scenes of one movie may come to, scenes. Ours: a body of 2 MB must not unfold into gigabytes. */
export const MAX_ITERATED_SCENES = 1_000;

/** Characters that the variables of one text may come to. Ours, for the same reason. */
export const MAX_FILLED_TEXT_CHARS = 1_000_000;

/** Bytes read in all before the connection is cut, so that an oversized client still gets to see its 413. */
export const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** Body of a control request, bytes. Generous: fault rules may carry a whole reply body. */
export const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

/** Requests remembered in memory; older ones are in the journal file only. */
export const MAX_JOURNAL_ENTRIES = 100_000;

/** Movies remembered in memory unless the options say otherwise; older ones that ended are in the ledger file only. */
export const MAX_MOVIES = 200_000;

/** How many finished movies are forgotten in one go: one by one would cost each submission a walk. */
export const FORGOTTEN_AT_ONCE = 500;

/** A ledger file that is read back, bytes: it is held in memory meanwhile. */
export const MAX_LEDGER_BYTES = 256 * 1024 * 1024;

/** Entries in each level of the render cache; the oldest goes first. */
export const MAX_CACHE_ENTRIES = 20_000;

/** How long downloaded and generated assets, and rendered scenes, are kept; fake-clock milliseconds. */
export const ASSET_RETENTION_MS = 3 * 24 * 3_600_000;

/** How long a webhook's receiver has to answer, real milliseconds. The provider's page advises "under 5 s". */
export const WEBHOOK_TIMEOUT_MS = 5_000;

/** All destinations of one movie together, real milliseconds: after that the rest is given up. */
export const EXPORT_PHASE_MS = 5 * 60_000;

/** Attempts under the quirk `webhookDelivery: retry`, and the real milliseconds between them. */
export const WEBHOOK_ATTEMPTS = 3;
export const WEBHOOK_RETRY_MS = 200;

/** A movie still running after this long is reported as `timeout`; fake-clock milliseconds. */
export const COMPUTED_TIMEOUT_MS = 15 * 60_000;

/** A rendered file is deleted this long after its render ended; fake-clock milliseconds. */
export const FILE_RETENTION_MS = 7 * 24 * 3_600_000;

/** What is left to a file under the quirk `cachedUrl: near-expiry`; fake-clock milliseconds. */
export const NEAR_EXPIRY_MS = 60_000;

/** The longest period one list call may ask for, days. */
export const MAX_LIST_DAYS = 93;

/** The largest page of a list, movies. Also the default. */
export const MAX_LIST_PAGE = 100;

/** Pixels per side that the provider renders. */
export const MIN_SIDE_PIXELS = 50;
export const MAX_SIDE_PIXELS = 3840;

/** Frames per second that the provider renders, at most. */
export const MAX_FPS = 120;

/** Stored template movie, bytes, and its name, characters. */
export const MAX_TEMPLATE_BYTES = 100 * 1024;
export const MAX_TEMPLATE_NAME_CHARS = 100;

/** Templates of one account. Ours: each is held in memory. */
export const MAX_TEMPLATES = 10_000;

/** Pictures in one video file: beyond that each stays longer, so that a file never grows past a few hundred KB. */
export const MAX_PICTURES = 3_600;

/** The longest video written, seconds. A longer movie is reported as this long. */
export const MAX_DURATION_SECONDS = 24 * 3_600;

/** Video lengths remembered, so that a submission does not draw a picture just to know its size in bytes. */
export const MAX_KNOWN_VIDEO_SIZES = 1_000;

/** Watchers of `GET /_fake/events` at a time, connections. */
export const MAX_EVENT_STREAMS = 20;

/** How often changes are sent to watchers, and a sign of life when nothing changes; real milliseconds. */
export const EVENT_INTERVAL_MS = 100;
export const EVENT_HEARTBEAT_MS = 15_000;

/** Movies and requests in one message to a watcher; of more, the newest. */
export const MAX_EVENT_ITEMS = 200;

/** What a watcher may leave unread before its connection is cut, bytes. */
export const MAX_EVENT_BACKLOG_BYTES = 4 * 1024 * 1024;

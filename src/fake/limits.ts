/** The provider's limits, and our own on what the fake keeps. Each with its unit and its reason. */

/** Movie JSON, bytes: what integrators report before a 413. */
export const MAX_MOVIE_BYTES = 2 * 1024 * 1024;

/** Bytes read in all before the connection is cut, so that an oversized client still gets to see its 413. */
export const MAX_DRAINED_BYTES = 64 * 1024 * 1024;

/** Body of a control request, bytes. Generous: fault rules may carry a whole reply body. */
export const MAX_CONTROL_BYTES = 4 * 1024 * 1024;

/** Requests remembered in memory; older ones are in the journal file only. */
export const MAX_JOURNAL_ENTRIES = 100_000;

/** How long a webhook's receiver has to answer, real milliseconds. The provider's page advises "under 5 s". */
export const WEBHOOK_TIMEOUT_MS = 5_000;

/** A movie still running after this long is reported as `timeout`; fake-clock milliseconds. */
export const COMPUTED_TIMEOUT_MS = 15 * 60_000;

/** A rendered file is deleted this long after its render ended; fake-clock milliseconds. */
export const FILE_RETENTION_MS = 7 * 24 * 3_600_000;

/** The longest period one list call may ask for, days. */
export const MAX_LIST_DAYS = 93;

/** The largest page of a list, movies. Also the default. */
export const MAX_LIST_PAGE = 100;

/** Pixels per side that the provider renders. */
export const MIN_SIDE_PIXELS = 50;
export const MAX_SIDE_PIXELS = 3840;

/** Pictures in one video file: beyond that each stays longer, so that a file never grows past a few hundred KB. */
export const MAX_PICTURES = 3_600;

/** The longest video written, seconds. A longer movie is reported as this long. */
export const MAX_DURATION_SECONDS = 24 * 3_600;

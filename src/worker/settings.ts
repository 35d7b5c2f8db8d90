/** How a worker shares out its process; each value measured in `bench/README.md`, where its floor uses the same. */
export const WORKER_SETTINGS = {
  /**
   * Renders wait most of their time, and each that is kept takes 0.3 MB: beyond these a waiting render is read again
   * from its history, some 5 KB, when something happens to it. The SDK's default grows with the machine's memory.
   */
  maxCachedWorkflows: 100,
  /** After a worker died the next one waits this long for the dead one's sticky queue. */
  stickyQueueScheduleToStartTimeout: '3s',
} as const;

/** How a worker shares out its process; each value measured in `bench/README.md`, where its floor uses the same. */
export const WORKER_SETTINGS = {
  /** After a worker died the next one waits this long for the dead one's sticky queue. */
  stickyQueueScheduleToStartTimeout: '3s',
} as const;

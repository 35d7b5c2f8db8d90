import type { Json2Video } from '../json2video/client.js';

/** Dependencies of the activities, which the worker passes in. */
export interface ActivityDependencies {
  readonly json2video: Json2Video;
  /** Returns the address to which the provider reports the end of a render; absent if there is no receiver. */
  readonly callbackUrl?: ((key: string, expiresAt: Date) => string) | undefined;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Monotonic clock in milliseconds, for deadlines within one process. */
  readonly monotonicNow: () => number;
}

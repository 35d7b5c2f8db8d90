import type { Json2Video } from '../json2video/client.js';

/** What the activities need from the process that hosts them. */
export interface ActivityDependencies {
  readonly json2video: Json2Video;
  /** Makes the address to which the provider reports the end of a render; absent where nobody listens. */
  readonly callbackUrl?: ((key: string, expiresAt: Date) => string) | undefined;
  /** Wall clock in epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds that only ever grow; used for deadlines within one process. */
  readonly monotonicNow: () => number;
}

import type { Json2Video } from '../json2video/client.js';

/** What the activities need from the process that hosts them. */
export interface ActivityDependencies {
  readonly json2video: Json2Video;
  /** Milliseconds that only ever grow; used for deadlines within one process. */
  readonly monotonicNow: () => number;
}

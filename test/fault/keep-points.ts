import { MB } from '../keep/s3-stage.js';
import type { S3Fault } from '../support/s3-server.js';

/** A point at which a worker that keeps a video is killed. */
export interface KeepPoint {
  readonly name: string;
  readonly store: 's3' | 'folder';
  /** The request to the store, the first or a later one, and what happens to it. */
  readonly request?: readonly [what: string, fault: S3Fault, nth?: number | undefined];
  /** The download stops after so many bytes. */
  readonly downloadedBytes?: number;
}

const both = (what: string, nth?: number): readonly KeepPoint[] => [
  { name: `before ${what} reaches the store`, store: 's3', request: [what, 'hold', nth] },
  { name: `after the store has done ${what}`, store: 's3', request: [what, 'hold reply', nth] },
];

/** Every step of keeping. */
export const KEEP_POINTS: readonly KeepPoint[] = [
  ...both('HEAD'),
  { name: 'in the middle of the download', store: 's3', downloadedBytes: 12 * MB },
  ...both('POST begin'),
  ...both('PUT part 1'),
  ...both('PUT part 3'),
  ...both('POST complete'),
  { name: 'before the size is checked', store: 's3', request: ['HEAD', 'hold', 2] },
  ...both('PUT'),
  { name: 'in the middle of the download', store: 'folder', downloadedBytes: 12 * MB },
];

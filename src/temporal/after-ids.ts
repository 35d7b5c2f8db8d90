import { createHash } from 'node:crypto';

/** Returns the ID of the workflow that follows another end of a chain of runs, after a reset. */
export function otherAfterId(key: string, firstRunId: string, status: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([key, firstRunId, status]))
    .digest('hex');
  return `renderonce.after:${hash}`;
}

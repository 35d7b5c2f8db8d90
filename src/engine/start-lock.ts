import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive } from './process-liveness.js';

/** How long another start on the same file is waited for; longer than any takes. */
const LOCK_WAIT_MS = 60_000;

/**
 * Lets one start at a time go on for a database file, in this process and in all others: two dev servers on one file do
 * not notice each other. The lock is a file that only one can create; one whose process is gone counts for nothing.
 */
export async function withStartLock<T>(dbFile: string, start: () => Promise<T>): Promise<T> {
  const lockFile = `${dbFile}.starting`;
  const deadline = Date.now() + LOCK_WAIT_MS;
  while (!(await take(lockFile))) {
    const holder = Number(await readFile(lockFile, 'utf8').catch(() => ''));
    // An empty file is being written at this moment.
    const isStale = holder > 0 && !isAlive(holder);
    if (isStale || Date.now() > deadline) await rm(lockFile, { force: true });
    else await sleep(ENGINE_LIMITS.takeoverPauseMs);
  }
  try {
    return await start();
  } finally {
    await rm(lockFile, { force: true });
  }
}

/** Whether the lock was free and is ours now. */
async function take(lockFile: string): Promise<boolean> {
  try {
    const file = await open(lockFile, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

import { open, readFile, rm, stat, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive } from './process-liveness.js';

/** A lock that nobody has touched for so long is void. */
const LOCK_LIFE_MS = 60_000;

/**
 * Runs work that no other process does at the same time. The lock is a file that only one process can create, and that it
 * touches as long as it works; the lock of a dead process is void.
 */
export async function whileLocked<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(lockFile))) {
    if (await isVoid(lockFile)) await rm(lockFile, { force: true });
    else await sleep(ENGINE_LIMITS.takeoverPauseMs);
  }
  const touching = setInterval(() => void touch(lockFile), LOCK_LIFE_MS / 10);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    await rm(lockFile, { force: true });
  }
}

/** Takes the lock; returns false if it was not free. */
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

/** True if the holder of the lock has ended. Its process ID may be that of another program, which does not touch the lock. */
async function isVoid(lockFile: string): Promise<boolean> {
  const holder = Number(await readFile(lockFile, 'utf8').catch(() => ''));
  // If the file is empty, its holder is writing it at this moment.
  if (holder > 0 && !isAlive(holder)) return true;
  const { mtimeMs } = await stat(lockFile).catch(() => ({ mtimeMs: Infinity }));
  return Date.now() - mtimeMs > LOCK_LIFE_MS;
}

async function touch(lockFile: string): Promise<void> {
  const now = new Date();
  await utimes(lockFile, now, now).catch(() => undefined);
}

import { readFileSync } from 'node:fs';

/**
 * Does a process of that ID run? One that has ended and was not yet collected by its parent does not: in a
 * container whose first process collects nobody's children, an orphan stays in that state for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any refusal but this one means that it exists and is not ours.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  return !isUncollected(pid);
}

/** Told by /proc, so only on Linux; elsewhere the system's first process collects at once. */
function isUncollected(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8').replace(/^.*\)/s, ''));
  } catch {
    return false;
  }
}

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';

/**
 * True if a process of that ID runs. A process that has ended but is not yet collected by its parent does not run: in a
 * container whose first process collects no children, an orphan stays in that state for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Any other refusal means that the process exists and is not ours.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
  }
  return !isUncollected(pid);
}

/**
 * Reads /proc, which only Linux has; elsewhere the system's first process collects at once. The state is that of the first
 * thread: while another one still ends, for example in a write to the disk, the process keeps its ports and files.
 */
function isUncollected(pid: number): boolean {
  try {
    const folder = `/proc/${String(pid)}`;
    const isEnded = / Z /.test(readFileSync(`${folder}/stat`, 'utf8').replace(/^.*\)/s, ''));
    return isEnded && readdirSync(`${folder}/task`).length <= 1;
  } catch {
    return false;
  }
}

/** True if a process has these words in its command line, and works in the folder if the system says where it works. */
export function isRunning(pid: number, words: readonly string[], folder: string): boolean {
  return words.every((each) => commandOf(pid).includes(each)) && isFolderOf(pid, folder);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // Other systems have no /proc.
    return spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout;
  }
}

function isFolderOf(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`) === realpathSync(folder);
  } catch {
    return true;
  }
}

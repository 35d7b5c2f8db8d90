import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Returns all processes; from /proc where there is one, since small Linux images have no ps. */
function processes(): Process[] {
  if (!existsSync('/proc/self/stat')) {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
    return lines.map((line) => {
      const [pid, parent, ...command] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
    });
  }
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.flatMap((id) => {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8').replace(/^.*\) \S /s, '');
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8').replaceAll('\0', ' ');
      return [{ pid: Number(id), parent: Number(stat.split(' ')[0]), command }];
    } catch {
      return [];
    }
  });
}

/** Returns a process and everything below it, the process itself first. */
export function familyOf(pid: number): readonly Process[] {
  const all = processes();
  const family = new Set([pid]);
  for (let size = 0; size !== family.size;) {
    size = family.size;
    for (const each of all) if (family.has(each.parent)) family.add(each.pid);
  }
  return all.filter((each) => family.has(each.pid)).toSorted((one) => (one.pid === pid ? -1 : 0));
}

/** Kills a process and everything below it by SIGKILL. */
export function killFamily(pid: number): void {
  for (const each of familyOf(pid)) killIfAlive(each.pid);
}

/** Kills a process by SIGKILL. Returns false if it has ended by itself meanwhile. */
export function killIfAlive(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Command lines of the parts of `up` and `dev`. */
export const PARTS = {
  worker: / worker --json/,
  server: / server --json/,
  engine: /temporal\S* server start-dev/,
  guard: /renderonce-engine-guard/,
  provider: / fake --data /,
} as const;

export type Part = keyof typeof PARTS;

/** Returns the process of a part; undefined while there is none. */
export function partOf(pid: number, part: Part): number | undefined {
  return familyOf(pid).find((each) => each.pid !== pid && PARTS[part].test(each.command))?.pid;
}

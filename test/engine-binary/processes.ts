import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../../src/engine/process-liveness.js';

/** Waits for the end of a process that is not our child. */
export async function untilGone(pid: number, withinMs = 15_000): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (isAlive(pid) && Date.now() < deadline) await sleep(20);
  return !isAlive(pid);
}

/** Parent and process group, from /proc where there is one (small Linux images have no ps). */
export function familyOf(pid: number): { parent: number; group: number } {
  const file = `/proc/${String(pid)}/stat`;
  const fields = existsSync(file)
    ? readFileSync(file, 'utf8').replace(/^.*\) \S /s, '')
    : execFileSync('ps', ['-o', 'ppid=,pgid=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const [parent, group] = fields.split(/\s+/);
  return { parent: Number(parent), group: Number(group) };
}

import { readFileSync } from 'node:fs';

/** Linux counts processor time in these. */
const TICK_MS = 10;

/** Processor time that a process has taken so far, all threads, in milliseconds (Linux). */
function cpuMs(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) * TICK_MS;
}

/** Adds up what processes take while something is done, by the process's name. */
export class CpuMeter {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #spentMs = new Map<string, number>();

  constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    const before = Object.entries(this.#pids).map(([name, pid]) => ({ name, pid, ms: cpuMs(pid) }));
    const result = await work();
    for (const { name, pid, ms } of before) {
      this.#spentMs.set(name, (this.#spentMs.get(name) ?? 0) + cpuMs(pid) - ms);
    }
    return result;
  }

  /** Processor time for each of so many jobs, in milliseconds. */
  perJob(jobs: number): Record<string, number> {
    return Object.fromEntries([...this.#spentMs].map(([name, ms]) => [name, Number((ms / jobs).toFixed(2))]));
  }
}

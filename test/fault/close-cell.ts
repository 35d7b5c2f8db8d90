import type { CellKey } from './aim.js';
import type { FaultStage } from './fault-stage.js';
import type { FaultyWorker } from './faulty-worker.js';
import type { Running } from '../support/processes.js';
import type { Starter } from './starter.js';
import type { TcpProxy } from './tcp-proxy.js';

/** Everything that a cell has taken. */
export interface CellParts {
  readonly stage: FaultStage;
  readonly keys: readonly CellKey[];
  /** The last one is in charge, unless there is one in this process. */
  readonly workers: FaultyWorker[];
  /** End workers in this process. */
  readonly hosted: (() => Promise<void>)[];
  readonly starters: Starter[];
  /** Receivers and HTTP servers; the last one is in charge. */
  readonly services: Running[];
  readonly proxies: TcpProxy[];
}

/** A worker that has nothing left to do ends within this time when it is asked to. */
const STOP_MS = 20_000;

/** Ends the cell; answers what does not end or stays. */
export async function closeCell({
  stage,
  keys,
  workers,
  hosted,
  starters,
  services,
  proxies,
}: CellParts): Promise<readonly string[]> {
  const left: string[] = [];
  // Held keys would be looked for for ever.
  for (const { key } of keys)
    await stage.client.workflow
      .getHandle(key)
      .terminate('the cell is over')
      .catch(() => undefined);
  for (const worker of workers) {
    worker.open();
    const isInCharge = hosted.length === 0 && worker === workers.at(-1);
    if (isInCharge && !(await endsCleanly(worker))) left.push(`worker ${worker.process.pid}, asked to stop`);
    await worker.close();
  }
  for (const stop of hosted) {
    if ((await inTime(stop())) === 'late') left.push('worker in this process, asked to stop');
  }
  for (const starter of starters) await starter.stop();
  for (const service of services) {
    const isInCharge = service === services.at(-1);
    service.kill(isInCharge ? 'SIGCONT' : 'SIGKILL');
    if ((await service.stop()) !== 0 && isInCharge) left.push(`receiver or server ${service.pid}`);
  }
  for (const proxy of proxies) await proxy.close();
  const pids = [...workers.map(({ process }) => process.pid), ...starters.map(({ pid }) => pid)];
  return [...left, ...pids.filter(isAlive).map((pid) => `process ${pid}`)];
}

async function endsCleanly({ process }: FaultyWorker): Promise<boolean> {
  return (await inTime(process.stop())) === 0;
}

async function inTime<T>(stopped: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), STOP_MS);
  });
  const end = await Promise.race([stopped, late]);
  clearTimeout(timer);
  return end;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

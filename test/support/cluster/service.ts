import { mkdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { openEngineLog } from '../../../src/engine/engine-log.js';
import { type EngineProcess, startEngineProcess } from '../../../src/engine/engine-process.js';
import { killFamily } from '../family.js';

/** A server of somebody else's, such as a database. */
export interface Service {
  /** Another one after a restart. */
  readonly pid: number;
  /** Kills it by SIGKILL with all that it has started, and starts it again on the same data after a time or after work. */
  restart(away?: number | (() => Promise<void>)): Promise<void>;
  stop(): Promise<void>;
}

interface ServiceTask {
  readonly binary: string;
  readonly args: readonly string[];
  /** Its own folder; it is made if need be. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** True if it serves. Failing means "not yet". */
  readonly isReady: () => Promise<boolean>;
  readonly patienceMs: number;
}

/** Between SIGTERM and SIGKILL. */
const GRACE_MS = 10_000;
const ASK_AGAIN_MS = 50;

/** Starts a server under the guard that also ends our engine when its owner is killed, and waits until it serves. */
export async function startService(task: ServiceTask): Promise<Service> {
  await mkdir(task.directory, { recursive: true });
  let running = await serve(task);
  return {
    get pid() {
      return running.pid;
    },
    restart: async (away = 0) => {
      killFamily(running.pid);
      await running.exited;
      await (typeof away === 'function' ? away() : pause(away));
      running = await serve(task);
    },
    stop: () => running.stop(),
  };
}

async function serve(task: ServiceTask): Promise<EngineProcess> {
  const { binary, args, directory: cwd } = task;
  const log = openEngineLog(undefined);
  try {
    const env = { PATH: process.env['PATH'] ?? '', ...task.env };
    const started = await startEngineProcess({ binary, args, cwd, graceMs: GRACE_MS }, log.fd, env);
    const gone = started.exited.then(() => 'gone' as const);
    const outcome = await Promise.race([gone, becomeReady(task)]);
    if (outcome === 'ready') return started;
    await started.stop();
    throw new Error(`${binary} did not serve (${outcome}). Its last lines:\n${log.lastLines().join('\n')}`);
  } finally {
    log.close();
  }
}

async function becomeReady({ isReady, patienceMs }: ServiceTask): Promise<'ready' | 'too late'> {
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs) {
    if (await isReady().catch(() => false)) return 'ready';
    await pause(ASK_AGAIN_MS);
  }
  return 'too late';
}

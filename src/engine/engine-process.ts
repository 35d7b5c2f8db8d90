import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EngineError } from './engine-error.js';
import { GUARD_SCRIPT } from './guard-script.js';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive } from './process-liveness.js';

/** Command line of an engine, which the guard gets as one JSON argument. */
interface GuardTask {
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Name of a socket in `cwd` that no other engine may hold. */
  readonly lock?: string | undefined;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/** Starts a guard, which starts the engine. The output of both goes to the file descriptor. */
function spawnGuard(task: GuardTask, logFd: number, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['-e', GUARD_SCRIPT, '--', JSON.stringify(task)], {
    detached: true,
    cwd: task.cwd,
    stdio: ['ignore', logFd, logFd, 'ipc'],
    env,
  });
}

/** End of the engine. Both are null if its guard was killed, which kills the engine too. */
interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface EngineProcess {
  readonly pid: number;
  /** Inode of the socket that locks the database; absent without a file, or on a file system without sockets. */
  readonly lock?: number | undefined;
  /** Resolves when engine and guard have ended; never rejects. */
  readonly exited: Promise<EngineExit>;
  /** Sends SIGTERM, and SIGKILL after the grace; resolves when both have ended. May be called at any time, repeatedly. */
  stop(): Promise<void>;
}

const guardEvent = z.union([
  z.object({ started: z.int().positive(), lock: z.number().optional() }),
  z.object({ locked: z.literal(true) }),
  z.object({ refused: z.string() }),
  z.object({ code: z.int().nullable(), signal: z.string().nullable() }),
]);

/** Another engine holds the lock. */
export class EngineLocked extends Error {}

/**
 * Runs the engine under a guard and follows both to their end.
 *
 * @throws EngineLocked; EngineError `ENGINE_START_FAILED` if the executable cannot be run at all
 */
export function startEngineProcess(
  task: GuardTask,
  logFd: number,
  env: Record<string, string>,
): Promise<EngineProcess> {
  const guard = spawnGuard(task, logFd, env);
  let pid: number | undefined;
  let exit: EngineExit | undefined;
  return new Promise((resolve, reject) => {
    // An event before its listener would be lost, so listen first.
    const guardGone = endOfGuard(guard);
    const exited = guardGone.then(() => endOfEngine(exit, pid));
    const stop = () => stopGuard(guard, exited, task.graceMs);
    guard.on('error', (error) => reject(cannotRun(process.execPath, error.message)));
    guard.on('message', (message) => {
      const event = guardEvent.safeParse(message).data;
      if (event === undefined) return;
      if ('refused' in event) reject(cannotRun(task.binary, event.refused));
      else if ('locked' in event) reject(new EngineLocked());
      else if ('code' in event) exit = event;
      else resolve({ pid: (pid = event.started), lock: event.lock, exited, stop });
    });
    // This has no effect once the engine has started.
    void guardGone.then(() => reject(cannotRun(task.binary, 'its guard ended')));
  });
}

/** Waits for the end of the channel too: the guard's last message may arrive after its exit. */
async function endOfGuard(guard: ChildProcess): Promise<void> {
  await Promise.all([once(guard, 'exit'), once(guard, 'disconnect')]).catch(() => {});
}

/** Kills an engine whose guard ended before it: it would run without an owner. */
async function endOfEngine(exit: EngineExit | undefined, pid: number | undefined): Promise<EngineExit> {
  if (exit !== undefined) return exit;
  if (pid !== undefined) await killToTheEnd(pid);
  return { code: null, signal: null };
}

async function stopGuard(guard: ChildProcess, exited: Promise<unknown>, graceMs: number): Promise<void> {
  if (guard.connected) guard.send('stop', () => {});
  const timer = setTimeout(() => guard.kill('SIGKILL'), graceMs + ENGINE_LIMITS.guardMarginMs);
  await exited;
  clearTimeout(timer);
}

/** Kills a process that is not our child, and resolves when it has ended. */
export async function killToTheEnd(pid: number): Promise<void> {
  const deadline = Date.now() + ENGINE_LIMITS.guardMarginMs;
  while (isAlive(pid) && Date.now() < deadline) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // The process has ended meanwhile.
    }
    await sleep(ENGINE_LIMITS.takeoverPauseMs);
  }
}

function cannotRun(path: string, reason: string): EngineError {
  return new EngineError('ENGINE_START_FAILED', {
    message: `The engine ${path} cannot be run (${reason}).`,
    next: 'Check that the file is an executable of this platform.',
  });
}

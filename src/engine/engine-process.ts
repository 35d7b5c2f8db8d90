import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EngineError } from './engine-error.js';
import { type GuardTask, spawnGuard } from './guard.js';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive } from './process-liveness.js';

/** How the engine ended. Both are null if its guard was killed, which takes the engine with it. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface EngineProcess {
  readonly pid: number;
  /** Fulfilled when engine and guard are gone; never rejected. */
  readonly exited: Promise<EngineExit>;
  /** SIGTERM, then SIGKILL after the grace; fulfilled when both are gone. May be called at any time, repeatedly. */
  stop(): Promise<void>;
}

const guardEvent = z.union([
  z.object({ started: z.int().positive() }),
  z.object({ refused: z.string() }),
  z.object({ code: z.int().nullable(), signal: z.string().nullable() }),
]);

/**
 * Runs the engine under a guard (see guard.ts) and follows both to their end.
 *
 * @throws EngineError `ENGINE_START_FAILED` if the executable cannot be run at all
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
    // Listened for from the start: an event that comes before its listener is lost.
    const guardGone = endOfGuard(guard);
    const exited = guardGone.then(() => endOfEngine(exit, pid));
    const stop = () => stopGuard(guard, exited, task.graceMs);
    guard.on('error', (error) => reject(cannotRun(process.execPath, error.message)));
    guard.on('message', (message) => {
      const event = guardEvent.safeParse(message).data;
      if (event === undefined) return;
      if ('refused' in event) reject(cannotRun(task.binary, event.refused));
      else if ('code' in event) exit = event;
      else resolve({ pid: (pid = event.started), exited, stop });
    });
    // Without effect once the engine has started.
    void guardGone.then(() => reject(cannotRun(task.binary, 'its guard ended')));
  });
}

/** The channel's end too: what the guard said last may arrive after the news of its exit. */
async function endOfGuard(guard: ChildProcess): Promise<void> {
  await Promise.all([once(guard, 'exit'), once(guard, 'disconnect')]).catch(() => {});
}

/** A guard that ends before its engine was killed; the engine has no owner then and must not stay. */
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

async function killToTheEnd(pid: number): Promise<void> {
  const deadline = Date.now() + ENGINE_LIMITS.guardMarginMs;
  while (isAlive(pid) && Date.now() < deadline) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
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

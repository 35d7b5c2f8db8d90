import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { EngineError } from './engine-error.js';
import { ENGINE_LIMITS } from './limits.js';
import { isAlive } from './process-liveness.js';

/** Command line of an engine, which the guard gets as one JSON argument. */
interface GuardTask {
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Time between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/**
 * Program of the guard, a small process between the owner and the engine. It is the engine's parent, so it learns of the
 * engine's end without polling and never hits a recycled process ID. It exists before the engine, so a killed owner never
 * leaves an engine behind.
 *
 * An IPC channel connects it to the owner; the system closes it when the owner ends in any way, SIGKILL included. Then, or
 * on a message of the owner, the guard ends the engine. Guard and engine lead sessions of their own: a Ctrl-C goes to the
 * whole process group of the terminal, and the engine must outlive the owner's orderly shutdown.
 *
 * The program is text for `node -e`, so it starts alike from compiled code, from sources under a test runner, and from a
 * bundle, which has no file for it.
 */
const GUARD_SCRIPT = `
'use strict';
process.title = 'renderonce-engine-guard';
const { spawn } = require('node:child_process');
const { binary, args, cwd, graceMs } = JSON.parse(process.argv[1]);
const tell = (event, then = () => {}) => (process.connected ? process.send(event, then) : then());
const engine = spawn(binary, args, { cwd, detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
let stopping = false;
const stop = () => {
  if (stopping) return;
  stopping = true;
  engine.kill('SIGTERM');
  setTimeout(() => engine.kill('SIGKILL'), graceMs);
};
engine.on('spawn', () => tell({ started: engine.pid }));
engine.on('error', (error) => {
  if (engine.pid === undefined) tell({ refused: String(error.code) }, () => process.exit(1));
});
engine.on('exit', (code, signal) => tell({ code, signal }, () => process.exit(0)));
process.on('disconnect', stop);
process.on('message', stop);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, stop);
`;

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
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface EngineProcess {
  readonly pid: number;
  /** Resolves when engine and guard have ended; never rejects. */
  readonly exited: Promise<EngineExit>;
  /** Sends SIGTERM, and SIGKILL after the grace; resolves when both have ended. May be called at any time, repeatedly. */
  stop(): Promise<void>;
}

const guardEvent = z.union([
  z.object({ started: z.int().positive() }),
  z.object({ refused: z.string() }),
  z.object({ code: z.int().nullable(), signal: z.string().nullable() }),
]);

/**
 * Runs the engine under a guard and follows both to their end.
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
    // An event before its listener would be lost, so listen first.
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

async function killToTheEnd(pid: number): Promise<void> {
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

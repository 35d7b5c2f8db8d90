import { type ChildProcess, spawn } from 'node:child_process';

/** What the guard is told to run; it travels as one JSON argument. */
export interface GuardTask {
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/**
 * The guard is a small process between the owner and the engine. It is the engine's parent, so it knows the
 * engine's end without polling and can never hit a recycled process ID; and it exists before the engine does, so
 * there is no moment at which a killed owner leaves an engine behind.
 *
 * Its tie to the owner is an IPC channel, a pipe that the system closes when the owner ends in any way, SIGKILL
 * included. Then, or when told to stop, it ends the engine. Both it and the engine lead sessions of their own: a
 * Ctrl-C goes to the terminal's whole process group, and the engine must outlive the owner's orderly shutdown.
 *
 * It is plain text run by `node -e`, not a module: so it starts in the same way from compiled code, from TypeScript
 * sources under a test runner, and from a bundle, where there is no file to point to.
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

/** Starts a guard, which starts the engine. Output of both goes to the file descriptor. */
export function spawnGuard(task: GuardTask, logFd: number, env: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['-e', GUARD_SCRIPT, '--', JSON.stringify(task)], {
    detached: true,
    cwd: task.cwd,
    stdio: ['ignore', logFd, logFd, 'ipc'],
    env,
  });
}

import { execFile } from 'node:child_process';
import type { Environment } from './environment.js';
import { ENGINE_LIMITS } from './limits.js';

export interface CommandResult {
  /** False for any other end: not executable, non-zero exit code, a signal, out of time. */
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end, without a shell and without input. Never throws. */
export function runCommand(
  file: string,
  args: readonly string[],
  { env, timeoutMs }: { env: Environment; timeoutMs: number },
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const options = {
      env,
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: ENGINE_LIMITS.commandOutputBytes,
      encoding: 'utf8',
    } as const;
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      resolve({ succeeded: error === null, stdout, stderr });
    });
    // A command that ended before reading its input is no error of ours.
    child.stdin?.on('error', () => {});
    child.stdin?.end();
  });
}

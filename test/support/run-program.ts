import { execFile } from 'node:child_process';
import type { Env } from './processes.js';

/** How a program ended, and what it said. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end; one that cannot be run at all ends with 127, as in a shell. */
export function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Env } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, args, options, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? 127, stdout, stderr }),
    );
  });
}

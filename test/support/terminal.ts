import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MAIN } from './compiled.js';
import type { Env } from './processes.js';

const RUNNER = fileURLToPath(new URL('terminal.py', import.meta.url));

export interface OnTerminal {
  readonly code: number;
  /** What a person sees, stdout and stderr in one. */
  readonly screen: string;
}

/** Runs a command as a person does, on a pseudo-terminal, and types the answer when the prompt appears. */
export function runOnTerminal(
  args: readonly string[],
  env: Env,
  { answer = '', prompt = '' } = {},
): Promise<OnTerminal> {
  const command = ['python3', RUNNER, answer, prompt, process.execPath, MAIN, ...args];
  return new Promise((resolve) => {
    execFile(
      command[0] ?? '',
      command.slice(1),
      { env: { ...process.env, ...env, NO_COLOR: '1' } },
      (error, stdout) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, screen: stdout }),
    );
  });
}

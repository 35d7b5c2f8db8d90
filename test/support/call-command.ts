import { vi } from 'vitest';
import { createProgram } from '../../src/cli/commands.js';
import { endOfCall } from '../../src/cli/usage.js';
import { type Env, environmentOf, type Ran } from './processes.js';

/** Commands of this process run one after the other: environment, console and exit code belong to all of it. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs a command to its end in this process, which takes a twentieth of the time of a process of its own. For tests of
 * what a command does and prints; a test of the process itself uses `runCommand`.
 */
export function callCommand(args: readonly string[], env: Env): Promise<Ran & { readonly code: number }> {
  const call = last.then(() => callNow(args, environmentOf(env)));
  last = call.catch(() => undefined);
  return call;
}

async function callNow(args: readonly string[], env: Env): Promise<Ran & { readonly code: number }> {
  const { env: usual, exitCode } = process;
  const stdout = capture('stdout', ['log']);
  const stderr = capture('stderr', ['error', 'warn']);
  process.env = { ...env };
  process.exitCode = 0;
  try {
    await run(args);
    return { code: process.exitCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.env = usual;
    process.exitCode = exitCode;
    stdout.end();
    stderr.end();
  }
}

/** As `src/cli/main.ts` does. */
async function run(args: readonly string[]): Promise<void> {
  const program = await createProgram(args);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    process.exitCode = endOfCall(error, args, program);
  }
}

/** Takes what is written to a stream, and what these functions of the console write there. */
function capture(name: 'stdout' | 'stderr', functions: readonly ('log' | 'error' | 'warn')[]) {
  let text = '';
  const add = (chunk: unknown): boolean => {
    text += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process[name], 'write').mockImplementation(add),
    ...functions.map((each) =>
      vi.spyOn(console, each).mockImplementation((line: string) => void add(`${line}\n`)),
    ),
  ];
  return {
    text: () => text,
    end: () => {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseJson } from '../../text/json.js';

/** A command of this program that serves in a process of its own. */
export interface ChildCommand {
  readonly pid: number;
  /** Address at which it serves, if it has one. */
  readonly url: string | undefined;
  /** Resolves when the process has ended, for any reason. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  /** Ends it with SIGKILL, as a crash does, and resolves when it has ended. */
  kill(): Promise<void>;
}

/** Variables that a child gets besides those of this process; undefined removes a variable. */
export type ChildEnv = Readonly<Record<string, string | undefined>>;

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** A worker starts in 1 s on an idle machine; longer than this is a process that hangs. */
const START_TIMEOUT_MS = 60_000;

/** Covers the longest grace of a stopping worker that has nothing in flight, with a margin. */
const STOP_TIMEOUT_MS = 15_000;

/**
 * Spawns `renderonce <args> --json` and resolves when it serves. The child watches the channel between the two processes,
 * so it ends whenever this process ends. `stopMs` is the time between SIGTERM and SIGKILL when it is stopped.
 */
export async function spawnCommand(
  args: readonly string[],
  env: ChildEnv,
  stopMs = STOP_TIMEOUT_MS,
): Promise<ChildCommand> {
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // A Ctrl-C goes to the whole process group of the terminal, and this process stops the others in their order.
    detached: true,
  });
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const url = await ready(child, exited, args.join(' '));
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Returns the variables of this process that a child must not inherit, as `spawnCommand` takes them. */
export function withheld(isWithheld: (name: string) => boolean): Record<string, undefined> {
  const names = Object.keys(process.env).filter(isWithheld);
  return Object.fromEntries(names.map((name) => [name, undefined]));
}

const firstLine = z.object({
  ready: z.literal(true).optional(),
  url: z.string().optional(),
  error: z.object({ message: z.string() }).optional(),
});

async function ready(child: ChildProcess, exited: Promise<void>, name: string): Promise<string | undefined> {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
  const line = await Promise.race([firstLineOf(child), exited]);
  clearTimeout(timer);
  const said = firstLine.safeParse(parseJson(line ?? ''));
  if (said.success && said.data.ready === true) return said.data.url;
  child.kill('SIGKILL');
  const reason = said.success ? said.data.error?.message : undefined;
  throw new Error(`renderonce ${name} did not start: ${reason ?? 'it ended before it was ready'}`);
}

function firstLineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
  });
}

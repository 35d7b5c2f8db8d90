import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { parseJson } from '../src/text/json.js';

/** A process under measurement. It ends with this one, however that ends: it watches the channel between the two. */
export interface MeasuredProcess {
  readonly pid: number;
  /** Where it serves, if it has an address. */
  readonly url: string;
  /** From the start of the process until it said that it serves. */
  readonly startUpMs: number;
  stop(): Promise<void>;
  /** Ends it with SIGKILL, as a crash does. */
  kill(): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const readyLine = z.object({ ready: z.literal(true), url: z.string().default('') });

/** Starts a command of ours as its users do. */
export function startCommand(args: readonly string[], env: Env, main = MAIN): Promise<MeasuredProcess> {
  return startNode([main, ...args, '--json'], env);
}

/** Starts a script of Node that says in a line of JSON when and where it serves, as our commands do. */
export async function startNode(args: readonly string[], env: Env): Promise<MeasuredProcess> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = exitOf(child);
  const url = await Promise.race([addressOf(child), exited]);
  const startUpMs = performance.now() - startedMs;
  if (url === undefined) throw new Error(`${args.join(' ')} ended before it served`);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  return { pid: child.pid ?? 0, url, startUpMs, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** Runs a command of ours to its end. @throws Error with its output if it fails */
export async function runCommand(args: readonly string[], env: Env): Promise<void> {
  await promisify(execFile)(process.execPath, [MAIN, ...args], { env: environment(env) });
}

/** How long a command takes that says something and ends. */
export async function timeCommand(args: readonly string[], main = MAIN): Promise<number> {
  const startedMs = performance.now();
  await exitOf(spawn(process.execPath, [main, ...args], { env: environment({}), stdio: 'ignore' }));
  return performance.now() - startedMs;
}

/** Nothing of this project's or of an alternative's own variables, and none that changes how Node runs. */
function environment(env: Env): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, ...env };
}

function exitOf(child: ChildProcess): Promise<undefined> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
  });
}

/** What it says in the first line that says so; the rest of its output is read and dropped. */
function addressOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (stdout === null) return;
    createInterface({ input: stdout }).on('line', (line) => {
      const said = readyLine.safeParse(parseJson(line));
      if (said.success) resolve(said.data.url);
    });
  });
}

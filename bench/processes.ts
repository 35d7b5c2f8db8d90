import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** A process under measurement. It ends with this one, however that ends: it watches the channel between the two. */
export interface MeasuredProcess {
  readonly pid: number;
  /** Where it serves, if it has an address. */
  readonly url: string;
  /** From the start of the process until it said that it serves. */
  readonly startUpMs: number;
  stop(): Promise<void>;
}

type Env = Readonly<Record<string, string | undefined>>;

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const FLOOR_WORKER = fileURLToPath(new URL('floor/worker.mjs', import.meta.url));

const firstLine = z.object({ ready: z.literal(true), url: z.string().default('') });

/** Starts a command of ours as its users do. */
export function startCommand(args: readonly string[], env: Env): Promise<MeasuredProcess> {
  return startNode([MAIN, ...args, '--json'], env);
}

/** Starts the worker of the floor. */
export function startFloorWorker(
  address: string,
  namespace: string,
  taskQueue: string,
): Promise<MeasuredProcess> {
  return startNode([FLOOR_WORKER, address, namespace, taskQueue], {});
}

async function startNode(args: readonly string[], env: Env): Promise<MeasuredProcess> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, {
    env: environment(env),
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const exited = exitOf(child);
  const line = await Promise.race([lineOf(child), exited]);
  const startUpMs = performance.now() - startedMs;
  if (line === undefined) throw new Error(`${args.join(' ')} ended before it served`);
  const { url } = firstLine.parse(JSON.parse(line));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
  };
  return { pid: child.pid ?? 0, url, startUpMs, stop };
}

/** How long a command takes that says something and ends. */
export async function timeCommand(args: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  await exitOf(spawn(process.execPath, [MAIN, ...args], { env: environment({}), stdio: 'ignore' }));
  return performance.now() - startedMs;
}

/** Nothing of this project's own configuration may reach a process but what it is given. */
function environment(env: Env): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(TEMPORAL_|RENDERONCE_|JSON2VIDEO_|NODE_OPTIONS)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...env };
}

function exitOf(child: ChildProcess): Promise<undefined> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.once('error', () => resolve(undefined));
  });
}

function lineOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
  });
}

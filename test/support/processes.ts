import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect } from 'vitest';
import { MAIN } from './compiled.js';
import { releaseLeft } from './taken.js';

/** A `renderonce` command running as a process of its own, as its users run it. */
export interface Running {
  readonly pid: number;
  /** The first document that it printed. */
  readonly said: Record<string, unknown>;
  readonly exit: Promise<number | NodeJS.Signals>;
  readonly stderr: () => string;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | NodeJS.Signals>;
}

export type Env = Readonly<Record<string, string | undefined>>;

const children = new Set<ChildProcess>();

interface Launch {
  readonly cwd?: string | undefined;
  /** The folder of the compiled project to run; what is published by default. */
  readonly dist?: string | undefined;
}

/** Workers of several tests, or of one, would meet on the default port. */
const NO_FIXED_PORT = { RENDERONCE_WORKER_LISTEN: 'off' };

/** The environment of a command: this machine's, without what configures a product or an engine in it. */
export function environmentOf(env: Env): Env {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(TEMPORAL_|RENDERONCE_|JSON2VIDEO_)/.test(name),
  );
  return { ...Object.fromEntries(inherited), ...NO_FIXED_PORT, ...env };
}

function spawnMain(args: readonly string[], env: Env, { cwd, dist }: Launch): ChildProcess {
  const child = spawn(process.execPath, [dist === undefined ? MAIN : join(dist, 'cli/main.js'), ...args], {
    env: environmentOf(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd === undefined ? {} : { cwd }),
  });
  return watched(child);
}

/** Counts a process among those that must not be left behind. */
export function watched(child: ChildProcess): ChildProcess {
  children.add(child);
  return child.once('exit', () => children.delete(child));
}

/** Kills what is left, and names it. */
export function killLeft(): readonly string[] {
  const left = [...children].filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of left) child.kill('SIGKILL');
  return left.map((child) => child.spawnargs.slice(2).join(' '));
}

function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'));
  });
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    text += chunk;
  });
  return () => text;
}

/** Starts a long-running command and waits until it says that it serves. */
export async function startCommand(args: readonly string[], env: Env, launch: Launch = {}): Promise<Running> {
  const child = spawnMain([...args, '--json'], env, launch);
  const exit = exitOf(child);
  const stderr = collect(child.stderr);
  const line = await Promise.race([
    new Promise<string>((resolve) => {
      if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    }),
    exit.then((code) => `"ended with ${code}: ${stderr().slice(-500)}"`),
  ]);
  const said: unknown = JSON.parse(line);
  if (typeof said !== 'object' || said === null || !('ready' in said)) {
    throw new Error(`renderonce ${args.join(' ')} did not start: ${line}`);
  }
  return {
    pid: child.pid ?? 0,
    said: { ...said },
    exit,
    stderr,
    kill: (signal) => void child.kill(signal),
    stop: () => {
      child.kill('SIGTERM');
      return exit;
    },
  };
}

export interface Ran {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], env: Env, cwd?: string): Promise<Ran> {
  const child = spawnMain(args, env, { cwd });
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const code = await exitOf(child);
  return { code, stdout: stdout(), stderr: stderr() };
}

/**
 * Registers the check that a file's tests leave nothing behind: no process, and no server or worker in this one. Ends
 * what is left, so that one failure stays one.
 */
export function expectNoProcessLeft(): void {
  afterAll(async () => {
    expect([...killLeft(), ...(await releaseLeft())]).toEqual([]);
  });
}

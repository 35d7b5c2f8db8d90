import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, expect } from 'vitest';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

interface Ended {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as a process of its own. */
export interface CommandProcess {
  /** The first document that it printed. */
  readonly said: unknown;
  readonly exit: Promise<Ended>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
}

const children = new Set<ChildProcess>();

function spawned(args: readonly string[], env: NodeJS.ProcessEnv): [ChildProcess, Promise<Ended>] {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('JSON2VIDEO_'));
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      children.delete(child);
      resolve({ code: code ?? signal, stdout, stderr });
    });
  });
  return [child, exit];
}

/** Runs the command to its end. */
export function ran(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return spawned(args, env)[1];
}

/** Starts the command and waits until it serves. */
export async function serving(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CommandProcess> {
  const [child, exit] = spawned([...args, '--json'], env);
  const line = await Promise.race([
    new Promise<string>((resolve) => {
      if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
    }),
    exit.then(({ stderr }) => {
      throw new Error(`The command ended: ${stderr}`);
    }),
  ]);
  return {
    said: JSON.parse(line),
    exit,
    kill: (signal) => {
      child.kill(signal);
      return exit;
    },
  };
}

/** Registers the check that the tests of a file leave no process behind. */
export function expectNoProcessLeft(): void {
  afterAll(() => {
    const left = [...children];
    for (const child of left) child.kill('SIGKILL');
    expect(left.map((child) => child.spawnargs)).toEqual([]);
  });
}

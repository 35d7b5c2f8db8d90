import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Env } from '../support/processes.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What a backend installs beside renderonce. */
const DEPENDENCIES = [
  '@temporalio/client',
  '@temporalio/envconfig',
  '@temporalio/worker',
  '@temporalio/workflow',
  'fastify',
  '@types/node',
];

const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmitOnError: true,
  rootDir: '.',
  outDir: 'dist',
};

/** A folder such as a user has: own package, `renderonce` and its peers in `node_modules`, found by their names. */
export interface UserProject {
  readonly folder: string;
  /** Type-checks and compiles what is in the folder; throws with the compiler's words. */
  build(): Promise<void>;
  copy(example: string): Promise<void>;
  write(name: string, text: string): Promise<void>;
  /** Runs a compiled file until it prints a line. */
  start(name: string, env: Env): Promise<RunningProgram>;
  close(): Promise<void>;
}

export interface RunningProgram {
  readonly firstLine: string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export async function openUserProject(): Promise<UserProject> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-user-'));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write('package.json', JSON.stringify({ private: true, type: 'module' }));
  await write('tsconfig.json', JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ['*.ts'] }));
  for (const name of DEPENDENCIES) await link(folder, name, join(ROOT, 'node_modules', name));
  await link(folder, 'renderonce', ROOT);
  const running = new Set<RunningProgram>();
  return {
    folder,
    write,
    copy: (example) => copyFile(join(ROOT, 'examples', example), join(folder, example)),
    build: () => compile(folder),
    start: async (name, env) => {
      const program = await startProgram(join(folder, 'dist', name), env);
      running.add(program);
      return program;
    },
    close: async () => {
      await Promise.all([...running].map((program) => program.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function link(folder: string, name: string, target: string): Promise<void> {
  const place = join(folder, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(target, place, 'dir');
}

async function compile(folder: string): Promise<void> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  try {
    await promisify(execFile)(process.execPath, [tsc, '-p', folder, '--pretty', 'false']);
  } catch (error) {
    throw new Error(`tsc: ${String((error as { stdout?: string }).stdout)}`, { cause: error });
  }
}

/** Runs a program of Node until it prints a line. */
export async function startProgram(path: string, env: Env): Promise<RunningProgram> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [path], {
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint += chunk;
  });
  const exited = once(child, 'close').then(() => child.exitCode);
  const firstLine = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([line]) => String(line)),
    exited.then((code) => Promise.reject(new Error(`ended with ${code}: ${complaint}`))),
  ]);
  return {
    firstLine,
    stop: () => {
      child.kill('SIGTERM');
      return exited;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

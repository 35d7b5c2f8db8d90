import { execFile } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** An environment as a value, so that this folder never reads the global one. */
export type Environment = Readonly<Record<string, string | undefined>>;

const ENGINE_VARIABLES = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'SystemRoot',
  'TZ',
  'LANG',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'GOMAXPROCS',
  'GOMEMLIMIT',
];

/**
 * Returns the variables that Temporal's executable gets. It is a list of allowed ones for two reasons: `TEMPORAL_*` may
 * point to another cluster (and an unknown `TEMPORAL_ENV` ends the dev server, measured), and the engine needs no API keys.
 */
export function engineEnvironment(env: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ENGINE_VARIABLES) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** True if a path is a file that may be executed; it may still fail to run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/**
 * Returns all executables of that name on the PATH, in its order. It skips relative entries: the working directory must
 * not decide what runs.
 */
export async function executablesOnPath(name: string, env: Environment): Promise<string[]> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const candidates = [...new Set(folders)].map((folder) => join(folder, name));
  const usable = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_, index) => usable[index]);
}

/** Output kept of a command; more is a fault of the command. */
const OUTPUT_BYTES = 1024 * 1024;

interface CommandResult {
  /** False after every other end: not executable, non-zero exit code, a signal, out of time. */
  readonly succeeded: boolean;
  /** Undefined if the command could not be run, or a signal ended it. */
  readonly exitCode?: number | undefined;
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
      maxBuffer: OUTPUT_BYTES,
      encoding: 'utf8',
    } as const;
    const child = execFile(file, args, options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      const hasEnded = typeof exitCode === 'number';
      resolve({ succeeded: error === null, ...(hasEnded ? { exitCode } : {}), stdout, stderr });
    });
    // A command that ends before it reads its input is no error of ours.
    child.stdin?.on('error', () => {});
    child.stdin?.end();
  });
}

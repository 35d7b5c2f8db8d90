import { engineEnvironment, type Environment } from './environment.js';
import { ENGINE_LIMITS } from './limits.js';
import { runCommand } from './run-command.js';

/** Update-with-start, on which every render depends, is complete from this server on. */
export const OLDEST_SERVER = { major: 1, minor: 28 } as const;

/** Reads the server's version out of `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`; the CLI has its own count. */
export function parseServerVersion(output: string): string | undefined {
  return /\(Server (\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1];
}

export function isSuitableServer(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== OLDEST_SERVER.major) return major > OLDEST_SERVER.major;
  return minor >= OLDEST_SERVER.minor;
}

/** The version of the server inside this executable, or nothing if it does not run or is not Temporal's CLI. */
export async function serverVersion(path: string, env: Environment): Promise<string | undefined> {
  const result = await runCommand(path, ['--version'], {
    env: engineEnvironment(env),
    timeoutMs: ENGINE_LIMITS.versionProbeMs,
  });
  return result.succeeded ? parseServerVersion(result.stdout) : undefined;
}

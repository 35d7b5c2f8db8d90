import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '../support/processes.js';
import { type Ended, runProgram } from '../support/run-program.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Packages of this repository that renderonce depends on. */
const NEEDED = ['./packages/json2video-local'];

/** An empty project in which the packed package is installed as a user installs it, with nothing beside it. */
export interface PackedProject {
  readonly folder: string;
  write(name: string, text: string): Promise<void>;
  /** Runs Node in the project; proxies and settings of this machine stay outside. */
  node(args: readonly string[], env?: Env): Promise<Ended>;
  close(): Promise<void>;
}

/** Packs renderonce and the packages of this repository that it needs, as they are published. Returns their paths. */
export async function packPackages(folder: string): Promise<string[]> {
  // Processes of other tests run from dist: packing may not build it anew.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, '.', ...NEEDED];
  const { stdout, stderr } = await runProgram('npm', pack, { cwd: ROOT });
  const paths = [...stdout.matchAll(/"filename": "([^"]+)"/g)].map(([, name = '']) => join(folder, name));
  if (paths.length !== 1 + NEEDED.length) throw new Error(`npm pack failed: ${stderr}`);
  return paths;
}

export async function openPackedProject(): Promise<PackedProject> {
  const root = await mkdtemp(join(tmpdir(), 'renderonce-packed-'));
  const folder = join(root, 'project');
  await mkdir(folder);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write('package.json', JSON.stringify({ private: true }));
  const install = [
    'install',
    '--prefer-offline',
    '--no-engine-strict',
    '--no-audit',
    '--no-fund',
    ...(await packPackages(root)),
  ];
  const installed = await runProgram('npm', install, { cwd: folder });
  if (installed.code !== 0) throw new Error(`npm install failed: ${installed.stderr}`);
  const { PATH, HOME } = process.env;
  return {
    folder,
    write,
    node: (args, env = {}) =>
      runProgram(process.execPath, args, { cwd: folder, env: { PATH, HOME, ...env } }),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '../support/processes.js';
import { type Ended, runProgram } from '../support/run-program.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** An empty project in which the packed package is installed as a user installs it, with nothing beside it. */
export interface PackedProject {
  readonly folder: string;
  write(name: string, text: string): Promise<void>;
  /** Runs Node in the project; proxies and settings of this machine stay outside. */
  node(args: readonly string[], env?: Env): Promise<Ended>;
  close(): Promise<void>;
}

export async function openPackedProject(): Promise<PackedProject> {
  const root = await mkdtemp(join(tmpdir(), 'renderonce-packed-'));
  const folder = join(root, 'project');
  await mkdir(folder);
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write('package.json', JSON.stringify({ private: true }));
  const npm = (cwd: string, ...args: string[]) => runProgram('npm', args, { cwd });
  // Processes of other tests run from dist: packing may not build it anew.
  const packed = await npm(ROOT, 'pack', '--ignore-scripts', '--json', '--pack-destination', root);
  const name = /"filename": "([^"]+)"/.exec(packed.stdout)?.[1] ?? '';
  const install = [
    'install',
    '--prefer-offline',
    '--no-engine-strict',
    '--no-audit',
    '--no-fund',
    join(root, name),
  ];
  const installed = await npm(folder, ...install);
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

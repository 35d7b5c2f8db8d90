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

/** Packs a package of the repository as it is published; returns the path of the file. */
export async function packPackage(folder: string, cwd = ROOT): Promise<string> {
  // Processes of other tests run from dist: packing may not build it anew.
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout, stderr } = await runProgram('npm', pack, { cwd });
  const name = /"filename": "([^"]+)"/.exec(stdout)?.[1];
  if (name === undefined) throw new Error(`npm pack failed: ${stderr}`);
  return join(folder, name);
}

/** Installs a packed package in an empty project; `renderonce` itself by default. */
export async function openPackedProject(cwd = ROOT): Promise<PackedProject> {
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
    await packPackage(root, cwd),
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

import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from './processes.js';
import { runProgram } from './run-program.js';

/** Packages of PyPI, installed for the tests. */
export interface PythonPackages {
  /** The environment of a Python that finds them. */
  readonly env: Env;
}

/**
 * Returns the packages of a requirements file, which are installed once into the user's cache; a text that says why not if
 * that fails.
 */
export async function installPackages(name: string, requirements: URL): Promise<PythonPackages | string> {
  const python = await runProgram('python3', ['--version']);
  if (python.code !== 0) return 'python3 is missing';
  const file = fileURLToPath(requirements);
  const id = createHash('sha256')
    .update(python.stdout)
    .update(await readFile(file))
    .digest('hex')
    .slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'renderonce');
  const packages = join(cache, `${name}-${id}`);
  const failure = (await exists(packages)) ? undefined : await install(name, file, cache, packages);
  if (failure !== undefined) return failure;
  return { env: { ...process.env, PYTHONPATH: packages, NO_PROXY: '*' } };
}

/** Installs to a folder of its own, which gets its name when it is whole: another test run may install, too. */
async function install(
  name: string,
  requirements: string,
  cache: string,
  packages: string,
): Promise<string | undefined> {
  const whole = join(cache, `${name}-${randomUUID()}`);
  await mkdir(cache, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile'];
  const { code, stderr } = await runProgram('python3', [...pip, '--target', whole, '-r', requirements]);
  if (code === 0) await rename(whole, packages).catch(() => undefined);
  await rm(whole, { recursive: true, force: true });
  if (code === 0 && (await exists(packages))) return undefined;
  return `pip cannot install ${name}: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, runProgram } from '../support/run-program.js';

const REQUIREMENTS = fileURLToPath(new URL('fuzzer-requirements.txt', import.meta.url));

/** Without garbage collection: if it begins while Python 3.11 parses source for the fuzzer, that fails (SystemError). */
const PROGRAM = 'import gc; gc.disable(); from schemathesis.cli import schemathesis; schemathesis()';

/** PyPI's `schemathesis`, which makes requests from an OpenAPI document. */
export interface Fuzzer {
  run(args: readonly string[], cwd: string): Promise<Ended>;
}

/** Returns the fuzzer, which is installed once into the user's cache; a text that says why not if that fails. */
export async function openFuzzer(): Promise<Fuzzer | string> {
  const python = await runProgram('python3', ['--version']);
  if (python.code !== 0) return 'python3 is missing';
  const requirements = await readFile(REQUIREMENTS);
  const id = createHash('sha256').update(python.stdout).update(requirements).digest('hex').slice(0, 12);
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'renderonce');
  const packages = join(cache, `schemathesis-${id}`);
  const failure = (await exists(packages)) ? undefined : await install(cache, packages);
  if (failure !== undefined) return failure;
  const env = { ...process.env, PYTHONPATH: packages, NO_PROXY: '*' };
  return {
    run: (args, cwd) => runProgram('python3', ['-c', PROGRAM, ...args], { cwd, env }),
  };
}

/** Installs to a folder of its own, which gets its name when it is whole: another test run may install, too. */
async function install(cache: string, packages: string): Promise<string | undefined> {
  const whole = join(cache, `schemathesis-${randomUUID()}`);
  await mkdir(cache, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-compile'];
  const { code, stderr } = await runProgram('python3', [...pip, '--target', whole, '-r', REQUIREMENTS]);
  if (code === 0) await rename(whole, packages).catch(() => undefined);
  await rm(whole, { recursive: true, force: true });
  if (code === 0 && (await exists(packages))) return undefined;
  return `pip cannot install schemathesis: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

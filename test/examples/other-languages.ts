import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, runProgram } from '../support/run-program.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** An example in another language, ready to run. */
export interface OtherLanguage {
  checkVectors(path: string): Promise<Ended>;
  /** Renders a movie on an engine, and prints the outcome. */
  render(key: string, movieFile: string, taskQueue: string, address: string): Promise<Ended>;
  /** Calls the example as its page does: no variable is set, and no task queue given. */
  renderByDefault(key: string, movieFile: string): Promise<Ended>;
  close(): Promise<void>;
}

export async function isInstalled(program: string, ...args: string[]): Promise<boolean> {
  return (await runProgram(program, args)).code === 0;
}

/** The variables of this machine, less those by which the engine's clients of all languages are led elsewhere. */
function environment(address?: string): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(own), TEMPORAL_ADDRESS: address, NO_PROXY: '*' };
}

async function mustSucceed(program: string, args: readonly string[], cwd?: string): Promise<void> {
  const { code, stderr } = await runProgram(program, args, cwd === undefined ? {} : { cwd });
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`);
}

/** The Python example in an environment that holds what its requirements name and nothing else. */
export async function openPython(): Promise<OtherLanguage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-python-'));
  for (const name of ['fingerprint.py', 'render.py', 'requirements.txt']) {
    await copyFile(join(EXAMPLES, 'python', name), join(folder, name));
  }
  await mustSucceed('python3', ['-m', 'venv', join(folder, 'venv')]);
  const python = join(folder, 'venv', 'bin', 'python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  await mustSucceed(python, [...pip, '-r', join(folder, 'requirements.txt')]);
  return {
    checkVectors: (path) => runProgram(python, [join(folder, 'fingerprint.py'), path]),
    render: (key, movieFile, taskQueue, address) =>
      runProgram(python, [join(folder, 'render.py'), key, movieFile, taskQueue], {
        env: environment(address),
      }),
    renderByDefault: (key, movieFile) =>
      runProgram(python, [join(folder, 'render.py'), key, movieFile], { env: environment() }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The Go example, compiled without optimization, which takes a third less time. */
export async function openGo(): Promise<OtherLanguage> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-go-'));
  const program = join(folder, 'render');
  const quickly = ['-gcflags=all=-N -l', '-ldflags=-s -w'];
  await mustSucceed('go', ['build', ...quickly, '-o', program, '.'], join(EXAMPLES, 'go'));
  return {
    checkVectors: (path) => runProgram(program, ['--vectors', path]),
    render: (key, movieFile, taskQueue, address) =>
      runProgram(program, [key, movieFile, taskQueue], { env: environment(address) }),
    renderByDefault: (key, movieFile) => runProgram(program, [key, movieFile], { env: environment() }),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

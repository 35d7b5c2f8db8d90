import { installPackages } from '../support/python-packages.js';
import { type Ended, runProgram } from '../support/run-program.js';

const REQUIREMENTS = new URL('fuzzer-requirements.txt', import.meta.url);

/** Without garbage collection: if it begins while Python 3.11 parses source for the fuzzer, that fails (SystemError). */
const PROGRAM = 'import gc; gc.disable(); from schemathesis.cli import schemathesis; schemathesis()';

/** PyPI's `schemathesis`, which makes requests from an OpenAPI document. */
export interface Fuzzer {
  run(args: readonly string[], cwd: string): Promise<Ended>;
}

/** Returns the fuzzer; a text that says why not if it cannot be installed. */
export async function openFuzzer(): Promise<Fuzzer | string> {
  const packages = await installPackages('schemathesis', REQUIREMENTS);
  if (typeof packages === 'string') return packages;
  const { env } = packages;
  return {
    run: (args, cwd) => runProgram('python3', ['-c', PROGRAM, ...args], { cwd, env }),
  };
}

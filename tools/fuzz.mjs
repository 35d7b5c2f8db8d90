/**
 * Gives every parser, the guard on assets and the fingerprint random input for longer than the suite does. A failure is
 * printed with its seed and its input. Each file gets the whole time, and the files run at the same time.
 *
 *   npm run fuzz -- --minutes 10
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' } } });
const minutes = Number(values.minutes);
if (!(minutes > 0)) {
  process.stderr.write(`--minutes is ${values.minutes}, and must be a number above 0\n`);
  process.exit(2);
}
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
const FILES = [
  'test/security/parsers.test.ts',
  'test/security/random-assets.test.ts',
  'test/unit/ignored.test.ts',
  'test/unit/arrives-equal.test.ts',
];
const { status } = spawnSync(process.execPath, [vitest, 'run', ...FILES], {
  stdio: 'inherit',
  env: { ...process.env, FUZZ_MINUTES: String(minutes) },
});
process.exitCode = status ?? 1;

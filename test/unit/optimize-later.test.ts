import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { BUILD } from '../support/compiled.js';
import { runProgram } from '../support/run-program.js';

/** Returns a program that computes in its first second, and again after two seconds. */
const busyOn = (node: string): string => `
import { optimizeLater } from ${JSON.stringify(pathToFileURL(join(BUILD, 'cli/local/optimize-later.js')).href)};
const sum = (values) => values.reduce((total, value) => total + value, 0);
const values = Array.from({ length: 1_000 }, (_, index) => index);
const compute = () => { for (let round = 0; round < 10_000; round += 1) sum(values); };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
optimizeLater('${node}');
compute();
await pause(100);
console.log('started');
await pause(2_000);
compute();
await pause(100);
`;

const OPTIMIZED = /completed optimizing .*compute.* \(target TURBOFAN/;

/** Returns V8's trace of the first two seconds, and of the time after. */
async function trace(node: string): Promise<readonly string[]> {
  const args = ['--trace-opt', '--input-type=module', '--eval', busyOn(node)];
  const { code, stdout } = await runProgram(process.execPath, args);
  expect(code).toBe(0);
  return stdout.split('started\n');
}

const own = process.versions.node;

test.skipIf(Number.parseInt(own, 10) >= 24)(
  'a process optimizes nothing in its first two seconds, and its busy code after that',
  async () => {
    const [start, after] = await trace(own);
    expect(start).not.toContain('completed optimizing');
    expect(after).toMatch(OPTIMIZED);
  },
);

test('on Node 24, which would never optimize again, a process optimizes from the start', async () => {
  const [start] = await trace('24.0.0');
  expect(start).toMatch(OPTIMIZED);
});

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { DIST } from '../support/processes.js';
import { runProgram } from '../support/run-program.js';

/** What a process computes in its first second, and after its second one. */
const BUSY = `
import { optimizeLater } from ${JSON.stringify(pathToFileURL(join(DIST, 'cli/optimize-later.js')).href)};
const sum = (values) => values.reduce((total, value) => total + value, 0);
const values = Array.from({ length: 1_000 }, (_, index) => index);
const compute = () => { for (let round = 0; round < 2_000; round += 1) sum(values); };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
optimizeLater();
compute();
await pause(100);
console.log('started');
await pause(2_000);
compute();
await pause(100);
`;

test('a process optimizes nothing while it starts, and what it goes on with after that', async () => {
  const { code, stdout } = await runProgram(process.execPath, [
    '--trace-opt',
    '--input-type=module',
    '--eval',
    BUSY,
  ]);
  const [start = '', after = ''] = stdout.split('started\n');

  expect(code).toBe(0);
  expect(start).not.toContain('completed optimizing');
  expect(after).toMatch(/completed optimizing .*compute/);
});

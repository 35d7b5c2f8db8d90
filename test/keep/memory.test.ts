import { expect, test } from 'vitest';
import { GB, measureKeepMemory, MOST_MORE_MB } from '../support/keep-memory.js';
import { expectNoProcessLeft } from '../support/processes.js';

expectNoProcessLeft();

test('a copy of 256 MB takes less than 150 MB of memory; npm run bench:keep measures 2 GB', async (context) => {
  if (process.platform !== 'linux') return context.skip('memory is read from /proc');
  const { beforeMb, mostMb } = await measureKeepMemory(0.25 * GB);
  expect(mostMb - beforeMb).toBeLessThan(MOST_MORE_MB);
}, 120_000);

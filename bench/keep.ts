/** `npm run bench:keep -- [--gb 2]`: copies one video of this size by a real worker, and prints the worker's memory. */
import { parseArgs } from 'node:util';
import { GB, measureKeepMemory, MOST_MORE_MB } from '../test/support/keep-memory.js';
import { numberOf } from './options.js';

const { values } = parseArgs({ options: { gb: { type: 'string' } } });
const gb = numberOf('--gb', values.gb, { least: 1 }) ?? 2;
const { seconds, beforeMb, mostMb } = await measureKeepMemory(gb * GB, 'memory');
const more = Math.round(mostMb - beforeMb);
process.stdout.write(
  `${gb} GB copied in ${seconds.toFixed(0)} s; worker before ${Math.round(beforeMb)} MB, at most ${Math.round(mostMb)} MB: ${more} MB more\n`,
);
process.exit(more < MOST_MORE_MB ? 0 : 1);

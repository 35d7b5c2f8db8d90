import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchOptions } from './options.js';
import { plotLatency, plotThroughput } from './plots.js';
import { tableOf } from './report.js';
import { measure } from './measure.js';

/**
 * `npm run bench [-- --quick] [--store memory|file|ADDRESS] [--rounds N] [--in-flight N] [--share S]`:
 * measures and writes `results.json`, `results.md` and the plots. `--out FOLDER` writes them elsewhere.
 */
const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    store: { type: 'string', default: 'memory' },
    rounds: { type: 'string' },
    'in-flight': { type: 'string' },
    share: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('.', import.meta.url)) },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const { 'in-flight': inFlight, out, ...others } = given;
const results = await measure(
  benchOptions({ ...others, ...(inFlight === undefined ? {} : { inFlight }) }),
  say,
);
const files = {
  'results.json': `${JSON.stringify(results, null, 2)}\n`,
  'results.md': tableOf(results),
  'throughput.svg': plotThroughput(results),
  'latency.svg': plotLatency(results),
};
for (const [name, text] of Object.entries(files)) await writeFile(`${out}/${name}`, text);
say(`\n${tableOf(results)}`);
say(`written: ${Object.keys(files).join(', ')}`);

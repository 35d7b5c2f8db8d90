/**
 * The alternatives by themselves: `npm run bench:alternatives -- [name …] [--quick]`. Prints a table, and with --json
 * the whole report.
 */
import { parseArgs } from 'node:util';
import { measureAlternatives, prepareAlternatives } from './index.js';
import { NAMES } from './stage.js';
import { reportTable } from './table.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const names = positionals.length === 0 ? NAMES : NAMES.filter((name) => positionals.includes(name));
const quick = { rounds: 2, load: { count: 60, atOnce: 20, samples: 10 }, keysOfEachFault: 2 };
const say = (line: string): void => void process.stderr.write(`${line}\n`);

await prepareAlternatives(say);
const reports = await measureAlternatives({ ...(values.quick ? quick : {}), names, say });
process.stdout.write(`${values.json ? JSON.stringify(reports, null, 2) : reportTable(reports)}\n`);

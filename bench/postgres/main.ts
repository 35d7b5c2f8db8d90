/**
 * `npm run bench:postgres -- [--rounds 5] [--share 1]`: a Temporal server on Postgres beside the dev server with a file, with
 * one worker and with three, in turns. `--shards 4,16,64,512` compares servers with so many history shards instead, with
 * one worker. Prints a table. Needs Debian's `postgresql`, and Go for the first run.
 */
import { parseArgs } from 'node:util';
import { numberOf } from '../options.js';
import { QUICK, shareOf } from '../plan.js';
import { measureInstallations } from './measure.js';
import { installationTable } from './table.js';

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, share: { type: 'string' }, shards: { type: 'string' } },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const shards = (values.shards?.split(',') ?? []).map((text) => numberOf('--shards', text, { least: 1 }) ?? 1);
const installations =
  shards.length > 0
    ? shards.map((number) => ({ shards: number, workers: 1 }))
    : [1, 3].flatMap((workers) => [
        { store: 'file' as const, workers },
        { shards: 512, workers },
      ]);
const plan = {
  ...shareOf(QUICK, Number(values.share ?? 1)),
  rounds: numberOf('--rounds', values.rounds, { least: 1 }) ?? QUICK.rounds,
};
const results = await measureInstallations(installations, plan, say);
process.stdout.write(`${installationTable(results)}\n`);

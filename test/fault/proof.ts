import { killLeft } from '../support/processes.js';
import { checkCell, checkRun, type Violation } from './check.js';
import { drawCell } from './draw.js';
import { forgetFailedCell, noteFailedCell, readFailedCells } from './failed-cells.js';
import { type FaultStage, openFaultStage } from './fault-stage.js';
import { playOneProof } from './one-proof.js';
import { proofOptions } from './proof-options.js';
import { runRandom } from './random/run-random.js';
import { type Cell, nameOf, runCell } from './run-cell.js';
import { Tally } from './tally.js';
import { writeReport } from './write-report.js';

/**
 * `npm run proof -- --minutes N [--seed S] [--cell C] [--lanes L]`: random cells until the time is up, then the report.
 * Cells that failed before come first. With `--cell` only that cell of the seed runs, and no report is written. SIGINT
 * ends it early with the report of the cells that were played.
 *
 * `npm run proof -- --random [--keys N] [--seed S] [--only KEY]`: random operators against the random provider; prints each
 * violation with the key by which it is played again.
 *
 * `npm run proof -- --engine-kills ROUNDS [--seed S]`: an engine with a database file is killed under load, so many times.
 *
 * `npm run proof -- --up-kills ROUNDS [--seed S]`: random processes of `renderonce up` are killed under load, so many times.
 *
 * `npm run proof -- --keep-kills`: a worker is killed at each step of keeping a video.
 *
 * `npm run proof -- --event-kills`: a worker is killed at each step of sending an event.
 *
 * `npm run proof -- --event-storm EVENTS [--seed S]`: so many events to a receiver that fails, dies and comes back.
 *
 * `npm run proof -- --budget-crowd [--seed S]`: 1,000 submissions at once against a budget for 50 movies, then kills.
 *
 * `npm run proof -- --budget-leak RENDERS`: so many renders from one budget, with refusals, rejections and lost replies.
 */
const given = proofOptions(process.argv.slice(2));
if (typeof given === 'string') {
  process.stderr.write(`${given}\n`);
  process.exit(2);
}
const { minutes, seed, cell: only, lanes } = given;
if (given.random || given.only !== undefined) {
  const run = { seed, keys: given.keys, ...(given.only === undefined ? {} : { only: given.only }) };
  const unknown = await runRandom(run, (line) => void process.stdout.write(`${line}\n`));
  killLeft();
  process.exit(unknown === 0 ? 0 : 1);
}
const isSound = await playOneProof(given, (line) => void process.stdout.write(`${line}\n`));
if (isSound !== undefined) {
  killLeft();
  process.exit(isSound ? 0 : 1);
}

interface Planned {
  readonly cell: Cell;
  readonly label: string;
  readonly number?: number;
  readonly wasFailed?: boolean;
}

function* plan(failed: readonly Cell[]): Generator<Planned> {
  if (only !== undefined) {
    yield { cell: drawCell(seed, only), number: only, label: `SEED=${seed} CELL=${only}` };
    return;
  }
  for (const cell of failed) yield { cell, label: 'failed before', wasFailed: true };
  for (let number = 1; ; number += 1) {
    yield { cell: drawCell(seed, number), number, label: `SEED=${seed} CELL=${number}` };
  }
}

const tally = new Tally();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const spent = (): string => `${((Date.now() - startedMs) / 60_000).toFixed(1)} min`;

async function play(
  stage: FaultStage,
  { cell, label, number, wasFailed }: Planned,
  id: string,
): Promise<void> {
  let why: readonly string[];
  try {
    const result = await runCell(stage, cell, id);
    tally.add(cell, result);
    why = checkCell(result).map(describe);
  } catch (error) {
    why = [`could not be played: ${String(error)}`];
  }
  if (isStopping) return;
  const { observed, duplicates, failedCells } = tally;
  say(
    `${why.length === 0 ? 'ok  ' : 'FAIL'} ${label} ${nameOf(cell)} | ${spent()}, ${observed.length} keys, ${duplicates} paid twice`,
  );
  for (const line of why) say(`     ${line}`);
  if (why.length > 0) {
    failedCells.push(`${label} ${nameOf(cell)}: ${why.join('; ')}`);
    if (wasFailed !== true)
      await noteFailedCell({ seed, cell, why, ...(number === undefined ? {} : { number }) });
  } else if (wasFailed === true) await forgetFailedCell(cell);
}

function describe({ rule, key, what }: Violation): string {
  return `${rule}: ${key === undefined ? '' : `${key}: `}${what}`;
}

/** A terminal's Ctrl-C reaches the processes under test, too: cells under way prove nothing any more. */
let isStopping = false;
const interrupted = new Promise<void>((resolve) => {
  process.once('SIGINT', () => {
    isStopping = true;
    say('stopping: cells under way are given up, the report is of those that were played');
    resolve();
  });
});

const failed = (await readFailedCells()).map(({ cell }) => cell);
const cells = plan(failed);
const stage = await openFaultStage({ engine: 'disk', isHosting: false });
const startedMs = Date.now();
// Keys of one run are of no other.
const run = startedMs.toString(36);
say(`SEED=${seed}, ${minutes} minutes, ${lanes} cells at once`);
try {
  let count = 0;
  const isOver = (): boolean => isStopping || Date.now() - startedMs > minutes * 60_000;
  const lane = async (): Promise<void> => {
    while (!isOver()) {
      const { value } = cells.next();
      if (value === undefined) return;
      count += 1;
      await play(stage, value, `${run}-${count}`);
    }
  };
  await Promise.race([Promise.all(Array.from({ length: lanes }, lane)), interrupted]);
} finally {
  await stage.close();
}
const wrong = checkRun(tally.observed).map(describe);
for (const line of wrong) say(line);
if (only === undefined) {
  const took = Number(((Date.now() - startedMs) / 60_000).toFixed(1));
  await writeReport(tally, tally.report(seed, took), new Date());
  say('written: proof/report.json, proof/report.md');
}
killLeft();
// Cells that were given up still wait for what will not come.
process.exit(tally.failedCells.length + wrong.length === 0 ? 0 : 1);

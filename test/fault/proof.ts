import { killLeft } from '../support/processes.js';
import { playOneProof } from './one-proof.js';
import { proofOptions } from './proof-options.js';
import { prove } from './prove.js';
import { runRandom } from './random/run-random.js';

/**
 * `npm run proof -- [--minutes N] [--keys K] [--seed S] [--lanes L]`: random cells until the time is up or so many keys are
 * played. They become a piece in `proof/pieces`, and the report is of all pieces. Cells that failed before come first.
 * SIGINT ends it early with the piece of the cells that were played.
 *
 * `npm run proof -- --resume [--keys K]`: the same, until all pieces together have so many keys, 30,000 by default.
 *
 * `npm run proof -- --seed S --cell C`: only that cell of the seed; nothing is written.
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
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function play(options: Exclude<typeof given, string>): Promise<boolean> {
  const { random, only, seed, keys } = options;
  if (!random && only === undefined) return (await playOneProof(options, say)) ?? prove(options, say);
  return (
    (await runRandom(
      { seed, ...(keys === undefined ? {} : { keys }), ...(only === undefined ? {} : { only }) },
      say,
    )) === 0
  );
}

const isSound = await play(given);
killLeft();
// Cells that were given up still wait for what will not come.
process.exit(isSound ? 0 : 1);

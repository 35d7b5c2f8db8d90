import { checkRun } from './check.js';
import { type Deck, isDeck, nameOfDeck, NotHere, playDeck } from './decks/deck.js';
import { drawCell } from './draw.js';
import { forgetFailedCell, noteFailedCell, readFailedCells } from './failed-cells.js';
import { acceptFirst, type FaultStage, openFaultStage } from './fault-stage.js';
import type { proofOptions } from './proof-options.js';
import { describeMachine, describeVersion } from './report/about.js';
import { Plan } from './plan.js';
import { keysToPlay } from './report/goal.js';
import { playKeysNaively } from './report/naive-keys.js';
import { outcomeOf } from './report/outcome.js';
import { type Piece, readPieces, writePiece } from './report/piece.js';
import { strikesOf, sumOfTrials, type TrialsByPromise } from './report/promises.js';
import { Tally } from './report/tally.js';
import { writeReport } from './report/write-report.js';
import { type Cell, nameOf, runCell } from './run-cell.js';

type Options = Exclude<ReturnType<typeof proofOptions>, string>;
type Say = (line: string) => void;

/** The naive client plays so many of the keys of a piece; more would only lengthen its line. */
const NAIVE_KEYS = 1_000;

interface Planned {
  readonly cell: Cell | Deck;
  readonly label: string;
  readonly number?: number;
  readonly wasFailed?: boolean;
}

/**
 * Plays random cells and writes them down as a piece, then the report of all pieces. With `cell` it plays only that one, and
 * writes nothing. Returns true if everything was as it must be.
 */
export async function prove(options: Options, say: Say): Promise<boolean> {
  const { cell } = options;
  const before = cell === undefined ? readPieces() : [];
  const most = keysToPlay(options, before);
  if (typeof most === 'string') {
    say(most);
    return false;
  }
  if (options.resume) say(`${before.length} pieces; ${most} keys are left to play`);
  const isSound = most === 0 || (await new Proof(options, before, most, say).play());
  if (cell === undefined) {
    await writeReport(readPieces());
    say('written: proof/report.md');
  }
  return isSound;
}

/** One piece under way. */
class Proof {
  readonly #options: Options;
  readonly #choice: Plan;
  readonly #mostKeys: number;
  readonly #say: Say;
  readonly #tally = new Tally();
  readonly #started = new Date();
  readonly #about = { version: describeVersion(), machine: describeMachine() };
  /** A terminal's Ctrl-C reaches the processes under test, too: cells under way prove nothing any more. */
  #isStopping = false;

  constructor(options: Options, before: readonly Piece[], mostKeys: number, say: Say) {
    this.#options = options;
    const played = before.map(({ promises }): TrialsByPromise => promises);
    this.#choice = new Plan(options.seed, () => strikesOf(sumOfTrials([...played, this.#tally.promises])));
    this.#mostKeys = mostKeys;
    this.#say = say;
  }

  async play(): Promise<boolean> {
    const { minutes, seed, lanes, cell: only } = this.#options;
    const interrupted = this.#stopAtInterrupt();
    const cells = this.#plan((await readFailedCells()).map(({ cell }) => cell));
    const stage = await openFaultStage({ engine: 'disk', isHosting: false });
    // Keys of one run are of no other.
    const run = this.#started.getTime().toString(36);
    this.#say(`SEED=${seed}, ${minutes} minutes, ${lanes} cells at once`);
    try {
      await acceptFirst(stage);
      let count = 0;
      const lane = async (): Promise<void> => {
        while (!this.#isOver()) {
          const { value } = cells.next();
          if (value === undefined) return;
          count += 1;
          await this.#playCell(stage, value, `${run}-${count}`);
        }
      };
      await Promise.race([Promise.all(Array.from({ length: lanes }, lane)), interrupted]);
    } finally {
      await stage.close();
    }
    const { observed, failedCells, keys, naiveKeys } = this.#tally;
    // Where only decks were played there is nothing else to check.
    const wrong = keys > 0 && observed.length === 0 ? [] : checkRun(observed);
    for (const { what } of wrong) this.#say(what);
    failedCells.push(...wrong.map(({ rule, what }) => `${rule}: ${what}`));
    if (only === undefined && keys > 0) {
      writePiece(this.#piece(await playKeysNaively(naiveKeys.slice(0, NAIVE_KEYS))));
    }
    return failedCells.length === 0;
  }

  *#plan(failed: readonly (Cell | Deck)[]): Generator<Planned> {
    const { seed, cell: only, resume } = this.#options;
    if (only !== undefined) {
      yield { cell: drawCell(seed, only), number: only, label: `SEED=${seed} CELL=${only}` };
      return;
    }
    for (const cell of failed) yield { cell, label: 'failed before', wasFailed: true };
    for (let number = 1; ; number += 1) {
      const drawn = resume ? this.#choice.next() : { number, cell: drawCell(seed, number) };
      yield { ...drawn, label: `SEED=${seed} CELL=${drawn.number}` };
    }
  }

  async #playCell(stage: FaultStage, planned: Planned, id: string): Promise<void> {
    const { cell, label } = planned;
    const beganMs = Date.now();
    let why: readonly string[];
    try {
      const outcome = isDeck(cell) ? await playDeck(cell) : outcomeOf(cell, await runCell(stage, cell, id));
      if (this.#isStopping) return;
      this.#tally.add(outcome);
      why = outcome.why;
    } catch (error) {
      if (error instanceof NotHere) {
        this.#choice.leaveOut(cell);
        return this.#say(`none ${label} ${nameOfAny(cell)}: ${error.message}`);
      }
      why = [`could not be played: ${String(error)}`];
    } finally {
      this.#choice.ended(cell);
    }
    if (this.#isStopping) return;
    const { keys, duplicates } = this.#tally;
    this.#say(
      `${why.length === 0 ? 'ok  ' : 'FAIL'} ${label} ${nameOfAny(cell)}, ${Math.round((Date.now() - beganMs) / 1_000)} s | ${this.#minutes()} min, ${keys} keys, ${duplicates} paid twice`,
    );
    await this.#note(planned, why);
    // What was played is not lost, whatever happens to this process.
    if (this.#options.cell === undefined) writePiece(this.#piece([]));
  }

  async #note({ cell, label, number, wasFailed }: Planned, why: readonly string[]): Promise<void> {
    const { seed } = this.#options;
    for (const line of why) this.#say(`     ${line}`);
    if (why.length > 0) {
      this.#tally.failedCells.push(`${label} ${nameOfAny(cell)}: ${why.join('; ')}`);
      if (wasFailed !== true)
        await noteFailedCell({ seed, cell, why, ...(number === undefined ? {} : { number }) });
    } else if (wasFailed === true) await forgetFailedCell(cell);
  }

  #stopAtInterrupt(): Promise<void> {
    return new Promise((resolve) => {
      process.once('SIGINT', () => {
        this.#isStopping = true;
        this.#say('stopping: cells under way are given up, the piece has those that were played');
        resolve();
      });
    });
  }

  #isOver(): boolean {
    const isLate = Date.now() - this.#started.getTime() > this.#options.minutes * 60_000;
    return this.#isStopping || isLate || this.#tally.keys >= this.#mostKeys;
  }

  #minutes(): number {
    return Number(((Date.now() - this.#started.getTime()) / 60_000).toFixed(1));
  }

  #piece(naive: readonly number[]): Piece {
    const about = { startedAt: this.#started.toISOString(), minutes: this.#minutes(), ...this.#about };
    return this.#tally.piece({ seed: this.#options.seed, ...about }, naive);
  }
}

function nameOfAny(cell: Cell | Deck): string {
  return isDeck(cell) ? nameOfDeck(cell) : nameOf(cell);
}

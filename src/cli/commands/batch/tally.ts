import type { MovieWarning } from '../../../movie/warnings.js';
import { shorten } from '../../../text/text.js';
import type { BatchLine, LineEnd, LineFailed } from './line.js';

/** Most failed lines, and most warnings, that a report keeps, for programs. */
const FINDINGS_KEPT = 1_000;

/** Reason why a line was not accepted. */
interface LineFailure extends Omit<LineFailed, 'end'> {
  readonly line: number;
  readonly key?: string;
}

/** Warning about the movie of a line, as `check` gives it. */
interface LineWarning extends MovieWarning {
  readonly line: number;
  readonly key: string;
}

/** Paths at which the movie of a line differs from the first one of its key, which is what was rendered. */
interface LineDifference {
  readonly line: number;
  readonly key: string;
  readonly paths: readonly string[];
}

/** Counts the ends of the lines; each line has one of five. */
export class Tally {
  readonly counts = { submitted: 0, replayed: 0, rejected: 0, failed: 0, pending: 0 };
  /** Videos that are there, if the batch waits for them. */
  done = 0;
  /** Credits that this batch spent, at one for each second of video of known length. */
  credits = 0;
  /** Movies of unknown length that this batch submitted. */
  unpriced = 0;
  bytes = 0;
  /** The first lines that were not accepted. */
  readonly failures: LineFailure[] = [];
  /** The first lines whose movie differs from the one that their key has. */
  readonly differences: LineDifference[] = [];
  /** The first warnings about movies. */
  readonly warnings: LineWarning[] = [];

  get lines(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** True if every line was accepted. */
  get isClean(): boolean {
    return this.lines === this.counts.submitted + this.counts.replayed;
  }

  warn({ line }: BatchLine, key: string, warnings: readonly MovieWarning[]): void {
    const room = FINDINGS_KEPT - this.warnings.length;
    for (const warning of warnings.slice(0, room))
      this.warnings.push({ line, key: shorten(key), ...warning });
  }

  add(line: BatchLine, end: LineEnd): void {
    this.counts[end.end] += 1;
    this.bytes += line.sizeBytes;
    if ('code' in end) {
      const key = 'order' in line ? { key: shorten(line.order.key) } : {};
      const { end: _end, ...why } = end;
      if (this.failures.length < FINDINGS_KEPT) {
        this.failures.push({ line: line.line, ...key, ...why });
      }
      return;
    }
    if (end.isDone) this.done += 1;
    const { differences: paths = [] } = end;
    if (paths.length > 0 && 'order' in line && this.differences.length < FINDINGS_KEPT)
      this.differences.push({ line: line.line, key: shorten(line.order.key), paths });
    // Replayed keys were paid for before.
    if (end.end === 'replayed') return;
    if (end.durationSeconds === undefined) this.unpriced += 1;
    else this.credits += Math.ceil(end.durationSeconds);
  }
}

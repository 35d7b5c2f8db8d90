import { shorten } from '../../../text/text.js';
import type { BatchLine, LineEnd } from './line.js';

/** Most failed lines that a report keeps, for programs. */
const FAILURES_KEPT = 1_000;

/** Reason why a line was not accepted. */
interface LineFailure {
  readonly line: number;
  readonly key?: string;
  readonly code: string;
  readonly message: string;
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

  get lines(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** True if every line was accepted. */
  get isClean(): boolean {
    return this.lines === this.counts.submitted + this.counts.replayed;
  }

  add(line: BatchLine, end: LineEnd): void {
    this.counts[end.end] += 1;
    this.bytes += line.sizeBytes;
    if ('code' in end) {
      const key = 'order' in line ? { key: shorten(line.order.key) } : {};
      const { code, message } = end;
      if (this.failures.length < FAILURES_KEPT) {
        this.failures.push({ line: line.line, ...key, code, message });
      }
      return;
    }
    if (end.isDone) this.done += 1;
    // Replayed keys were paid for before.
    if (end.end === 'replayed') return;
    if (end.durationSeconds === undefined) this.unpriced += 1;
    else this.credits += Math.ceil(end.durationSeconds);
  }
}

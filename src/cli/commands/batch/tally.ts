import { shorten } from '../../../text/text.js';
import { FAILURES_KEPT } from '../../limits.js';
import type { BatchLine } from './batch-line.js';
import type { LineEnd } from './line-end.js';

/** Why a line was not accepted. */
export interface LineFailure {
  readonly line: number;
  readonly key?: string;
  readonly code: string;
  readonly message: string;
}

/** Counts what became of the lines; every line counts once among the five ends. */
export class Tally {
  readonly counts = { submitted: 0, replayed: 0, rejected: 0, failed: 0, pending: 0 };
  /** Videos that are there, where they are awaited. */
  done = 0;
  /** Spent by this batch, at one credit for each second of video, as far as lengths are known. */
  credits = 0;
  /** Movies submitted by this batch of which nobody knows the length. */
  unpriced = 0;
  bytes = 0;
  /** The first lines that were not accepted. */
  readonly failures: LineFailure[] = [];

  get lines(): number {
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }

  /** Whether every line was accepted. */
  get isClean(): boolean {
    return this.lines === this.counts.submitted + this.counts.replayed;
  }

  add(line: BatchLine, end: LineEnd): void {
    this.counts[end.end] += 1;
    this.bytes += line.sizeBytes;
    if ('code' in end) {
      const key = 'order' in line ? { key: shorten(line.order.key) } : {};
      const { code, message } = end;
      if (this.failures.length < FAILURES_KEPT)
        this.failures.push({ line: line.line, ...key, code, message });
      return;
    }
    if (end.isDone) this.done += 1;
    // Replayed keys were paid for before.
    if (end.end === 'replayed') return;
    if (end.durationSeconds === undefined) this.unpriced += 1;
    else this.credits += Math.ceil(end.durationSeconds);
  }
}

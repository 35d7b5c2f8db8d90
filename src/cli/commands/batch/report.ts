import { FAILURES_SHOWN } from '../../limits.js';
import type { LineFailure, Tally } from './tally.js';

export interface BatchFacts {
  readonly file: string;
  readonly tally: Tally;
  readonly seconds: number;
  readonly isWaiting: boolean;
  /** Why lines were left unread; absent where the whole file was read. */
  readonly stopped?: string | undefined;
  /** Where the failed lines are; absent where there are none. */
  readonly failedFile?: string | undefined;
}

/** The report of a batch as a document. */
export function reportDocument({ file, tally, seconds, isWaiting, stopped, failedFile }: BatchFacts): object {
  const { lines, counts, done, credits, unpriced, failures } = tally;
  return {
    file,
    lines,
    ...counts,
    ...(isWaiting ? { done } : {}),
    credits,
    unpriced,
    seconds: Number(seconds.toFixed(1)),
    ...(stopped === undefined ? {} : { stopped }),
    ...(failedFile === undefined ? {} : { failedFile }),
    failures,
  };
}

/** The report of a batch for a person. */
export function reportLines({ file, tally, seconds, isWaiting, stopped, failedFile }: BatchFacts): string[] {
  const { lines, counts, done, failures } = tally;
  const videos = isWaiting ? `; ${done} videos are there` : '';
  const rows: readonly (readonly [number, string])[] = [
    [counts.submitted, `submitted: ${creditsText(tally)}`],
    [counts.replayed, 'replayed: asked for before, and not paid again'],
    [counts.rejected, 'rejected by JSON2Video: nothing spent, the keys are free'],
    [counts.failed, 'failed'],
    [counts.pending, 'pending: not decided yet, or still rendering; run the same file again to see'],
  ];
  return [
    `${file}: ${lines} lines in ${Math.round(seconds)} s${videos}`,
    ...rows.map(([count, text]) => `${String(count).padStart(7)}  ${text}`),
    ...failures.slice(0, FAILURES_SHOWN).map(failureLine),
    ...(failures.length > FAILURES_SHOWN ? ['  … and more; --json lists them'] : []),
    ...(failedFile === undefined
      ? []
      : [`The rejected and failed lines are in ${failedFile}: correct them there and run that file.`]),
    ...(stopped === undefined
      ? []
      : [
          `Stopped before the end of the file: ${stopped}. Run it again: what is accepted is not paid twice.`,
        ]),
  ];
}

function failureLine({ line, key, code, message }: LineFailure): string {
  return `  line ${line}${key === undefined ? '' : `, ${key}`}: ${code}: ${message}`;
}

/** What was spent, as far as lengths tell. */
export function creditsText({ credits, unpriced }: Tally): string {
  const rest = unpriced === 0 ? '' : ` and ${unpriced} of unknown length`;
  return `about ${credits} credits${rest}`;
}

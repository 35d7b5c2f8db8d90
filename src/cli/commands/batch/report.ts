import type { Output } from '../../print/output.js';
import { Redraw } from '../../print/redraw.js';
import type { Tally } from './tally.js';

/** Facts of a finished batch. */
interface BatchFacts {
  readonly file: string;
  readonly tally: Tally;
  readonly seconds: number;
  readonly isWaiting: boolean;
  /** Reason why lines were left unread; absent if the whole file was read. */
  readonly stopped?: string | undefined;
  /** Path of the failed lines; absent if there are none. */
  readonly failedFile?: string | undefined;
}

/** Returns the report of a batch as a document. */
export function reportDocument({ file, tally, seconds, isWaiting, stopped, failedFile }: BatchFacts): object {
  const { lines, counts, done, credits, unpriced, failures, differences, warnings } = tally;
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
    ...(differences.length === 0 ? {} : { differences }),
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}

/** Failed lines, and warnings, that a person sees; the document has more. */
const FINDINGS_SHOWN = 10;

/** Returns the report of a batch for a person. */
export function reportLines({ file, tally, seconds, isWaiting, stopped, failedFile }: BatchFacts): string[] {
  const { lines, counts, done, failures, differences, warnings } = tally;
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
    ...shown(failures, ({ code, message }) => `${code}: ${message}`),
    ...shown(differences, ({ paths }) => `the first movie counts; this one differs at ${paths.join(', ')}`),
    ...(warnings.length === 0 ? [] : [`${String(warnings.length).padStart(7)}  warnings about movies`]),
    ...shown(warnings, ({ path, message }) => `warning: ${path} ${message}`),
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

/** Returns the first findings as lines, each with its next step. */
function shown<T extends { readonly line: number; readonly key?: string; readonly next?: string }>(
  findings: readonly T[],
  textOf: (finding: T) => string,
): string[] {
  const lines = findings.slice(0, FINDINGS_SHOWN).flatMap((finding) => {
    const { line, key, next } = finding;
    const text = `  line ${line}${key === undefined ? '' : `, ${key}`}: ${textOf(finding)}`;
    return next === undefined ? [text] : [text, `    ${next}`];
  });
  return findings.length > FINDINGS_SHOWN ? [...lines, '  … and more; --json lists them'] : lines;
}

function creditsText({ credits, unpriced }: Tally): string {
  const rest = unpriced === 0 ? '' : ` and ${unpriced} of unknown length`;
  return `about ${credits} credits${rest}`;
}

const REDRAW_MS = 200;
const BAR_COLUMNS = 24;

/** Interval of progress lines if no bar can be drawn. */
const PROGRESS_LINE_MS = 30_000;

/**
 * Shows the progress of a batch until the returned function is called: a bar on a terminal, now and then a line elsewhere.
 * It measures the bytes of the file, since the number of lines is unknown until the file is read.
 */
export function showProgress(
  tally: Tally,
  totalBytes: number | undefined,
  output: Output,
  terminal: NodeJS.WriteStream | undefined,
): () => void {
  const startedMs = Date.now();
  const progress = (): Progress => ({ tally, totalBytes, elapsedMs: Date.now() - startedMs });
  const screen = terminal && Redraw.on(terminal);
  if (screen === undefined) {
    const timer = setInterval(() => output.note(progressText(progress())), PROGRESS_LINE_MS);
    return () => clearInterval(timer);
  }
  const draw = (): void => screen.draw([progressBar(progress())]);
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  return () => {
    clearInterval(timer);
    draw();
  };
}

interface Progress {
  readonly tally: Tally;
  /** Unknown of standard input. */
  readonly totalBytes: number | undefined;
  readonly elapsedMs: number;
}

function progressBar(progress: Progress): string {
  const part = partOf(progress);
  if (part === undefined) return progressText(progress);
  const filled = Math.round(part * BAR_COLUMNS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)} ${progressText(progress)}`;
}

/** Returns the share of the file and the time left, if its size is known; the rate and the credits. */
export function progressText(progress: Progress): string {
  const { tally, elapsedMs } = progress;
  const part = partOf(progress);
  const rate = ((tally.lines * 1_000) / Math.max(elapsedMs, 1)).toFixed(1);
  const text = `${tally.lines} lines, ${rate}/s, ${creditsText(tally)}`;
  if (part === undefined) return text;
  const left = part === 0 ? '' : `, ${Math.round((elapsedMs * (1 - part)) / part / 1_000)} s left`;
  return `${Math.floor(part * 100)} %  ${text}${left}`;
}

function partOf({ tally, totalBytes }: Progress): number | undefined {
  if (totalBytes === undefined) return undefined;
  return totalBytes === 0 ? 1 : Math.min(tally.bytes / totalBytes, 1);
}

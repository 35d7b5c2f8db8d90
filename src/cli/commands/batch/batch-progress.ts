import { BATCH_SAY_MS } from '../../limits.js';
import type { Output } from '../../print/output.js';
import { canRedraw, Redraw } from '../../print/redraw.js';
import { creditsText } from './report.js';
import type { Tally } from './tally.js';

const REDRAW_MS = 200;
const BAR_COLUMNS = 24;

/**
 * Shows how far a batch is, until it is told to stop: on a terminal by a moving bar, elsewhere by a line now and then. The
 * file's bytes are the measure, since its lines are not known before it is read.
 */
export function showProgress(
  tally: Tally,
  totalBytes: number,
  output: Output,
  terminal: NodeJS.WriteStream | undefined,
): () => void {
  const startedMs = Date.now();
  const facts = (): ProgressFacts => ({ tally, totalBytes, elapsedMs: Date.now() - startedMs });
  if (terminal === undefined || !canRedraw(terminal)) {
    const timer = setInterval(() => output.note(progressText(facts())), BATCH_SAY_MS);
    return () => clearInterval(timer);
  }
  const view = new Redraw(terminal);
  const draw = (): void => view.draw([progressLine(facts())]);
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  return () => {
    clearInterval(timer);
    draw();
  };
}

interface ProgressFacts {
  readonly tally: Tally;
  readonly totalBytes: number;
  readonly elapsedMs: number;
}

function progressLine(facts: ProgressFacts): string {
  const filled = Math.round(partOf(facts) * BAR_COLUMNS);
  return `${'█'.repeat(filled)}${'░'.repeat(BAR_COLUMNS - filled)} ${progressText(facts)}`;
}

/** How far, how fast, what it cost, and how long still. */
export function progressText(facts: ProgressFacts): string {
  const { tally, elapsedMs } = facts;
  const part = partOf(facts);
  const rate = ((tally.lines * 1_000) / Math.max(elapsedMs, 1)).toFixed(1);
  const left = part === 0 ? '' : `, ${Math.round((elapsedMs * (1 - part)) / part / 1_000)} s left`;
  return `${Math.floor(part * 100)} %  ${tally.lines} lines, ${rate}/s, ${creditsText(tally)}${left}`;
}

function partOf({ tally, totalBytes }: ProgressFacts): number {
  return totalBytes === 0 ? 1 : Math.min(tally.bytes / totalBytes, 1);
}

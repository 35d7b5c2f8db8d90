import type { Renders } from '../../starter.js';
import type { Output } from './output.js';
import { statusLine } from './render-lines.js';

/** Interval between two reads of the status while a command waits; a read costs the engine two calls. */
const LOOK_MS = 2_000;

/** Longest silence of a waiting command: a line now and then shows a person that it lives. */
const SILENCE_MS = 30_000;

/** Prints each change of a render while the work waits for it. */
export async function withProgress<T>(
  renders: Renders,
  key: string,
  output: Output,
  work: Promise<T>,
): Promise<T> {
  const startedMs = Date.now();
  let printed = '';
  let printedAtMs = startedMs;
  const look = async (): Promise<void> => {
    const line = statusLine(await renders.status(key));
    if (line === printed && Date.now() - printedAtMs < SILENCE_MS) return;
    printed = line;
    printedAtMs = Date.now();
    output.note(`${secondsText(printedAtMs - startedMs)}  ${line}`);
  };
  // A failed read prints nothing: the work itself reports what is wrong.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/** Returns elapsed time for a person, aligned for lines under each other. */
export function secondsText(ms: number): string {
  return `${String(Math.round(ms / 1_000)).padStart(4)} s`;
}

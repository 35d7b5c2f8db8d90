import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Deck } from './decks/deck.js';
import type { Cell } from './run-cell.js';

/** A cell that failed, as it was written down to be run first the next time. */
export interface FailedCell {
  readonly seed: number;
  /** Its number under the seed; none for a cell of the sample. */
  readonly number?: number;
  readonly cell: Cell | Deck;
  readonly why: readonly string[];
}

/** Beside the reports and not committed: what fails here is mended here. */
const FILE = fileURLToPath(new URL('../../proof/failed-cells.jsonl', import.meta.url));

export async function readFailedCells(): Promise<readonly FailedCell[]> {
  const text = await readFile(FILE, 'utf8').catch(() => '');
  // Written by this module only.
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FailedCell);
}

export async function noteFailedCell(failed: FailedCell): Promise<void> {
  await mkdir(dirname(FILE), { recursive: true });
  await appendFile(FILE, `${JSON.stringify(failed)}\n`);
}

/** Forgets a cell that has passed now. */
export async function forgetFailedCell(passed: Cell | Deck): Promise<void> {
  const text = JSON.stringify(passed);
  const left = (await readFailedCells()).filter(({ cell }) => JSON.stringify(cell) !== text);
  await writeFile(FILE, left.map((failed) => `${JSON.stringify(failed)}\n`).join(''));
}

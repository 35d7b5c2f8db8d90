import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ProofReport, Tally } from './tally.js';

const FOLDER = fileURLToPath(new URL('../../proof/', import.meta.url));

export async function writeReport(_tally: Tally, report: ProofReport): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}report.json`, `${JSON.stringify(report, null, 2)}\n`);
}

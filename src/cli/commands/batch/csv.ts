import { FileInvalid } from '../../../render/errors.js';
import { shorten } from '../../../text/text.js';
import { BATCH_LINE_BYTES } from '../../limits.js';
import type { BatchLine, BatchOrder } from './batch-line.js';
import { type CsvRecord, readRecords } from './csv-records.js';
import { readLines } from './read-lines.js';

/** Makes a movie of a row's variables. */
export type Fill = (variables: Readonly<Record<string, string>>) => BatchOrder['movie'];

/** The provider's rule for names of variables. */
const VARIABLE = /^\w+$/;

/**
 * The orders of a CSV file: the first row names the columns, `key` and the movie's variables. An empty cell sets nothing,
 * so that the movie's own default stays. The header is told to `onHeader` as it stands in the file.
 *
 * @throws FileInvalid where the header is unusable
 */
export async function* readCsv(
  chunks: AsyncIterable<Buffer>,
  fill: Fill,
  onHeader: (raw: string) => void,
): AsyncGenerator<BatchLine, void, undefined> {
  let columns: readonly string[] | undefined;
  for await (const record of readRecords(readLines(chunks, BATCH_LINE_BYTES), BATCH_LINE_BYTES)) {
    const { cells, ...head } = record;
    if (record.raw?.trim() === '') continue;
    if (columns === undefined) {
      columns = columnsOf(record);
      onHeader(record.raw ?? '');
    } else {
      yield { ...head, ...(cells === undefined ? MALFORMED : orderOf(cells, columns, fill)) };
    }
  }
}

const MALFORMED = { problem: 'the row is malformed: its quotes do not fit, or it is no UTF-8' };

function columnsOf({ cells = [] }: CsvRecord): readonly string[] {
  const columns = cells.map((cell) => cell.trim());
  if (!columns.includes('key')) {
    throw new FileInvalid(
      'the first row of the CSV file names no column "key", with commas between the columns',
    );
  }
  const bad = columns.find((name, index) => !VARIABLE.test(name) || columns.indexOf(name) !== index);
  if (bad === undefined) return columns;
  throw new FileInvalid(
    `column "${shorten(bad, 40)}" is there twice, or is no name of a variable (letters, digits and _)`,
  );
}

function orderOf(
  cells: readonly string[],
  columns: readonly string[],
  fill: Fill,
): { readonly order: BatchOrder } | { readonly problem: string } {
  if (cells.length !== columns.length) {
    return { problem: `the row has ${cells.length} cells, and the header names ${columns.length} columns` };
  }
  const filled = columns.map((name, index) => [name, cells[index] ?? ''] as const);
  const variables = filled.filter(([name, cell]) => name !== 'key' && cell !== '');
  const key = filled.find(([name]) => name === 'key')?.[1] ?? '';
  return { order: { key, movie: fill(Object.fromEntries(variables)), options: {} } };
}

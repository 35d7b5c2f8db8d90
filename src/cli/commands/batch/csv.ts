import { parse } from 'csv-parse/sync';
import { FileInvalid } from '../../../render/errors.js';
import { shorten } from '../../../text/text.js';
import { BATCH_LINE_BYTES, type BatchLine, type BatchOrder } from './line.js';
import { type RawLine, readLines } from './read-lines.js';

/** Makes a movie of a row's variables. */
export type Fill = (variables: Readonly<Record<string, string>>) => BatchOrder['movie'];

/** The provider's rule for names of variables. */
const VARIABLE = /^\w+$/;

/**
 * Reads the orders of a CSV file. The first row names the columns: `key` and the movie's variables. An empty cell sets
 * nothing, so the movie's own default stays. `onHeader` gets the header as text.
 *
 * @throws FileInvalid if the header is unusable
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
      columns = columnsOf(cells ?? []);
      onHeader(record.raw ?? '');
    } else {
      yield { ...head, ...(cells === undefined ? MALFORMED : orderOf(cells, columns, fill)) };
    }
  }
}

const MALFORMED = { problem: 'the row is malformed: its quotes do not match, or it is not UTF-8' };

function columnsOf(cells: readonly string[]): readonly string[] {
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

/** One record of a CSV file: a line, or several lines if a quoted cell holds line feeds. */
interface CsvRecord {
  /** Number of its first line. */
  readonly line: number;
  readonly raw?: string;
  readonly sizeBytes: number;
  /** Absent if the record is malformed. */
  readonly cells?: readonly string[];
}

/**
 * Splits lines into records (RFC 4180). A malformed record ends with its first line, and reading continues with the next
 * line. So a stray quote hides no other record, and no lines are joined that nobody meant as one record.
 */
export async function* readRecords(
  lines: AsyncIterable<RawLine>,
  maxBytes: number,
): AsyncGenerator<CsvRecord, void, undefined> {
  const source = lines[Symbol.asyncIterator]();
  /** Lines given back, the next one last. */
  const ahead: RawLine[] = [];
  const take = async (): Promise<RawLine | undefined> => {
    const next = ahead.pop();
    if (next !== undefined) return next;
    const read = await source.next();
    return read.done === true ? undefined : read.value;
  };
  for (let first = await take(); first !== undefined; first = await take()) {
    const taken = [first];
    let text = first.text ?? '';
    let sizeBytes = first.sizeBytes;
    let isOpen = hasOddQuotes(text);
    while (isOpen && sizeBytes <= maxBytes) {
      const more = await take();
      if (more === undefined) break;
      taken.push(more);
      sizeBytes += more.sizeBytes;
      text += `\n${more.text ?? ''}`;
      if (hasOddQuotes(more.text ?? '')) isOpen = false;
    }
    const cells = isOpen || taken.some((each) => each.text === undefined) ? undefined : cellsOf(text);
    if (cells !== undefined) {
      yield { line: first.line, raw: withoutReturn(text), sizeBytes, cells };
      continue;
    }
    yield { line: first.line, sizeBytes: first.sizeBytes, ...rawOf(first) };
    for (const each of taken.slice(1).toReversed()) ahead.push(each);
  }
}

const withoutReturn = (text: string): string => text.replace(/\r$/, '');

function rawOf({ text }: RawLine): { readonly raw?: string } {
  return text === undefined ? {} : { raw: withoutReturn(text) };
}

/** True if a quoted cell begins or ends in a line and continues in another: quotes come in pairs. */
function hasOddQuotes(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count % 2 === 1;
}

/** Returns the cells of a whole record; undefined if it is malformed. */
function cellsOf(record: string): readonly string[] | undefined {
  try {
    // Line feeds stand in quoted cells only, so one record is read.
    const [cells = ['']] = parse(withoutReturn(record), { record_delimiter: '\n' });
    return cells;
  } catch {
    return undefined;
  }
}

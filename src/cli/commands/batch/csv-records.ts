import type { RawLine } from './read-lines.js';

/** One record of a CSV file: a line, or several where a quoted cell holds line feeds. */
export interface CsvRecord {
  /** Its first line. */
  readonly line: number;
  readonly raw?: string;
  readonly sizeBytes: number;
  /** Absent where it is malformed. */
  readonly cells?: readonly string[];
}

/**
 * Records as RFC 4180 has them. Of one that is malformed only its first line is lost and told: reading goes on with the
 * next line, so that a stray quote hides nothing, and no movie is made of what somebody did not mean as a record.
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
    let isOpen = hasOpenQuote(text);
    while (isOpen && sizeBytes <= maxBytes) {
      const more = await take();
      if (more === undefined) break;
      taken.push(more);
      sizeBytes += more.sizeBytes;
      text += `\n${more.text ?? ''}`;
      if (hasOpenQuote(more.text ?? '')) isOpen = false;
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

/** Whether a quoted cell that began or ended in this text goes on behind it: quotes come in pairs. */
function hasOpenQuote(text: string): boolean {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count % 2 === 1;
}

/** The cells of a whole record, or nothing where it is malformed. */
function cellsOf(record: string): readonly string[] | undefined {
  const text = withoutReturn(record);
  const cells: string[] = [];
  for (let from = 0; ;) {
    const isQuoted = text[from] === '"';
    const end = isQuoted ? closingQuote(text, from + 1) + 1 : endOfPlain(text, from);
    const cell = isQuoted ? text.slice(from + 1, end - 1).replaceAll('""', '"') : text.slice(from, end);
    if (!isQuoted && cell.includes('"')) return undefined;
    cells.push(cell);
    if (end === text.length) return cells;
    if (text[end] !== ',') return undefined;
    from = end + 1;
  }
}

function endOfPlain(text: string, from: number): number {
  const comma = text.indexOf(',', from);
  return comma === -1 ? text.length : comma;
}

/** The quote that ends a quoted cell; two of them are one of the cell's. In a record of paired quotes there is one. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}

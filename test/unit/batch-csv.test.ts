import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readCsv, readRecords } from '../../src/cli/commands/batch/csv.js';
import type { BatchLine } from '../../src/cli/commands/batch/line.js';
import { type RawLine, readLines } from '../../src/cli/commands/batch/read-lines.js';
import { allOf } from '../support/all-of.js';
import { cut } from '../support/cut.js';

const fill = (variables: object): object => ({ template: 'T', variables });

function csv(text: string, size = 7): Promise<BatchLine[]> {
  return allOf(readCsv(cut(text, size), fill, () => undefined));
}

/** Adds up `sizeBytes`: the progress bar is full if the sum is the size of the file. */
const sizeOf = (lines: readonly BatchLine[]): number =>
  lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

test.each([1, 3, 1_000])('rows become variables in chunks of any size: %i bytes', async (size) => {
  const text = '\ufeffkey, headline ,price\r\nk1,"say ""hi"",\ntwice",12\nk2,,\r\n\nk3,x,y';
  const lines = await csv(text, size);

  expect(lines.map((line) => [line.line, 'order' in line ? line.order : line.problem])).toEqual([
    [2, { key: 'k1', movie: fill({ headline: 'say "hi",\ntwice', price: '12' }), options: {} }],
    [4, { key: 'k2', movie: fill({}), options: {} }],
    [6, { key: 'k3', movie: fill({ headline: 'x', price: 'y' }), options: {} }],
  ]);
});

test('a malformed row is reported with its line and text, and hides no other row', async () => {
  const text =
    'key,a\nk1,1\nk2\nk3,"b"ad\nk4,"open\nk5,"5"\nk6,st"ray\nk7,"two\nlines"\nk8,"never closed\nk9,9\n';
  const lines = await csv(text);

  expect(lines.map(({ line, raw }) => [line, raw])).toEqual([
    [2, 'k1,1'],
    [3, 'k2'],
    [4, 'k3,"b"ad'],
    [5, 'k4,"open'],
    [6, 'k5,"5"'],
    [7, 'k6,st"ray'],
    [8, 'k7,"two\nlines"'],
    [10, 'k8,"never closed'],
    [11, 'k9,9'],
  ]);
  expect(lines.map((line) => ('problem' in line ? line.problem.slice(0, 20) : ''))).toEqual([
    '',
    'the row has 1 cells,',
    'the row is malformed',
    'the row is malformed',
    '',
    'the row is malformed',
    '',
    'the row is malformed',
    '',
  ]);
  expect(sizeOf(lines) + 'key,a\n'.length).toBe(text.length);
});

test('a quote that is never closed keeps at most one record in memory', async () => {
  let read = 0;
  const lines = async function* (): AsyncGenerator<RawLine> {
    for (let line = 1; line <= 10_000; line += 1) {
      read = line;
      yield { line, text: line === 1 ? '"open' : 'x', sizeBytes: 10 };
    }
  };
  const records = readRecords(lines(), 1_000);

  expect(await records.next()).toMatchObject({ value: { line: 1, raw: '"open', sizeBytes: 10 } });
  expect(read).toBeLessThanOrEqual(101);
  expect(await records.next()).toMatchObject({ value: { line: 2, cells: ['x'] } });
});

const cell = fc.stringMatching(/^[a-z",\n\r ]{0,8}$/);
const quotedCell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test('all cells that are written by the rules of CSV are read unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
      async (rows) => {
        const text = rows.map((row) => `${row.map(quotedCell).join(',')}\r\n`).join('');
        const records = await allOf(readRecords(readLines(cut(text, 5), 1_000), 1_000));
        expect(records.map(({ cells }) => cells)).toEqual(rows);
      },
    ),
  );
});

test.each([
  ['', 'a,b\n1,2', 'names no column "key"'],
  ['', 'key,first name\n1,2', 'column "first name"'],
  ['', 'key,a,a\n1,2,3', 'column "a"'],
])('an unusable header is refused before any submission%s: %j', async (_, text, message) => {
  await expect(csv(text)).rejects.toMatchObject({
    code: 'FileInvalid',
    message: expect.stringContaining(message),
  });
});

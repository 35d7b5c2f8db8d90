import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { FailedFile } from '../../src/cli/commands/batch/failed-file.js';
import { readJsonl } from '../../src/cli/commands/batch/jsonl.js';
import { readLines } from '../../src/cli/commands/batch/read-lines.js';
import { openBatch } from '../../src/cli/commands/batch/open-batch.js';
import { allOf } from '../support/all-of.js';
import { cut } from '../support/cut.js';

test.each([1, 2, 3, 1_000])('lines are the same in chunks of any size: %i bytes', async (size) => {
  const lines = await allOf(readLines(cut('\ufeffeins\nzw\u00f6i\n\n\u{1f3ac}', size), 100));

  expect(lines.map(({ line, text }) => [line, text])).toEqual([
    [1, 'eins'],
    [2, 'zw\u00f6i'],
    [3, ''],
    [4, '\u{1f3ac}'],
  ]);
});

test('a line that is too long or not UTF-8 is dropped, and the next line is read', async () => {
  const bytes = Buffer.concat([Buffer.from('x'.repeat(50)), Buffer.from('\nok\n\xff\nend', 'latin1')]);
  const lines = await allOf(readLines(cut(bytes, 9), 10));

  expect(lines.map(({ text }) => text)).toEqual([undefined, 'ok', undefined, 'end']);
  expect(lines.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)).toBe(bytes.length);
});

test('a header gives options about differing movies to all lines, which a line may replace', async () => {
  const header = '{"ignore":["/scenes/*/id"],"ifDifferent":"join"}';
  const own = '{"key":"b","movie":{},"options":{"ifDifferent":"refuse"}}';
  const headers: string[] = [];
  const text = `${header}\n{"key":"a","movie":{}}\n${own}\n${header}\n`;
  const lines = await allOf(readJsonl(cut(text, 11), (raw) => headers.push(raw)));
  expect(headers).toEqual([header]);
  expect(lines).toMatchObject([
    { line: 2, order: { key: 'a', options: { ignore: ['/scenes/*/id'], ifDifferent: 'join' } } },
    { line: 3, order: { key: 'b', options: { ignore: ['/scenes/*/id'], ifDifferent: 'refuse' } } },
    { line: 4, problem: expect.stringContaining('key') },
  ]);
});

test('a JSON line is an order; a broken line is reported with its number and hides no other line', async () => {
  const good = '{"key":"a","movie":{"scenes":[]},"options":{"pollSeconds":9}}';
  const text = `${good}\n{"key":\n\n[]\n{"key":"b","movie":{},"option":{}}\n{"key":7,"movie":{}}\n{"key":"c","movie":{}}\n`;
  const lines = await allOf(readJsonl(cut(text, 11)));

  expect(lines).toEqual([
    expect.objectContaining({
      line: 1,
      raw: good,
      order: { key: 'a', movie: { scenes: [] }, options: { pollSeconds: 9 } },
    }),
    expect.objectContaining({
      line: 2,
      raw: '{"key":',
      problem: 'the line is not JSON: column 8: expected a value, but the text ends',
    }),
    expect.objectContaining({ line: 4, problem: expect.stringContaining('expected object') }),
    expect.objectContaining({ line: 5, problem: expect.stringContaining('"option"') }),
    expect.objectContaining({ line: 6, problem: expect.stringMatching(/^key: /) }),
    expect.objectContaining({ line: 7, order: { key: 'c', movie: {}, options: {} } }),
  ]);
});

test('an internal option of the library is no option of a line', async () => {
  const [line] = await allOf(
    readJsonl(cut('{"key":"a","movie":{},"options":{"lookFrom":"2026-01-01"}}', 99)),
  );

  expect(line).toMatchObject({ problem: expect.stringContaining('lookFrom') });
});

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'renderonce-batch-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('failed lines are in a file that is a batch itself, with the header; it replaces the file of an earlier run', async () => {
  const input = join(await folder(), 'houses.csv');
  const path = join(input, '..', 'houses.failed.csv');
  await writeFile(path, 'of an earlier run');
  const file = new FailedFile(input);
  file.replace();
  expect(file.path).toBeUndefined();
  file.setHeader('key,a');
  file.add('k1,"x\ny"');
  file.add('k2');

  expect(file.path).toBe(path);
  expect(await readFile(path, 'utf8')).toBe('key,a\nk1,"x\ny"\nk2\n');
  expect(() => new FailedFile(input, input)).toThrow('would replace the input');
  // Another's file is never overwritten, and a report that cannot be written is known before anything is submitted.
  const taken = join(dirname(input), 'taken.jsonl');
  await writeFile(taken, 'mine');
  expect(() => new FailedFile(input, taken)).toThrow(/taken\.jsonl exists: give the name of a new file/);
  expect(await readFile(taken, 'utf8')).toBe('mine');
  const lost = join(dirname(input), 'missing', 'failed.jsonl');
  expect(() => new FailedFile(input, lost)).toThrow(
    /cannot be written to folder .*missing: .*create the folder/,
  );
});

test('a row overrides variables of a movie file; options that do not fit the file are refused', async () => {
  const at = await folder();
  const movie = join(at, 'movie.json');
  const rows = join(at, 'rows.csv');
  const lines = join(at, 'lines.jsonl');
  await writeFile(movie, '{"scenes":[],"variables":{"a":"own","b":"own"}}');
  await writeFile(rows, 'key,a\nk1,row\n');
  await writeFile(lines, '');
  const nothing = (): undefined => undefined;
  const open = await openBatch(rows, { movie }, nothing);

  expect(open.sizeBytes).toBe(13);
  expect(await allOf(open.lines)).toMatchObject([
    { order: { key: 'k1', movie: { scenes: [], variables: { a: 'row', b: 'own' } } } },
  ]);
  await expect(openBatch(rows, {}, nothing)).rejects.toThrow('give --template ID');
  await expect(openBatch(rows, { movie, template: 'T' }, nothing)).rejects.toThrow('either');
  await expect(openBatch(lines, { template: 'T' }, nothing)).rejects.toThrow('for CSV files');
  await expect(openBatch(at, {}, nothing)).rejects.toThrow('is not a file');
  await expect(openBatch(join(at, 'no.jsonl'), {}, nothing)).rejects.toMatchObject({ code: 'FileInvalid' });
});

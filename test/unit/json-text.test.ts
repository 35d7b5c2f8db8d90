import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJsonText } from '../../src/text/json-text.js';

const faultOf = (text: string): unknown => {
  const read = readJsonText(text);
  return 'fault' in read ? read.fault : 'none';
};

test('a byte order mark is removed', () => {
  expect(readJsonText('\uFEFF{"a":1}')).toEqual({ value: { a: 1 } });
});

describe('a syntax fault is reported with line, column and what was expected', () => {
  test.each<[string, string]>([
    ['{"a": 1,}', 'line 1, column 9: there is a comma before "}", which JSON does not allow'],
    ['{\n  "a": [1,\n  ]\n}', 'line 3, column 3: there is a comma before "]", which JSON does not allow'],
    ['{\n  // the size\n  "a": 1\n}', 'line 2, column 3: there is a comment, which JSON does not allow'],
    ['{"a": 1 /* one */}', 'line 1, column 9: there is a comment, which JSON does not allow'],
    ['{"a": 1\n "b": 2}', 'line 2, column 2: expected a comma or "}", but there is "\\""'],
    ['{"a" 1}', 'line 1, column 6: expected a colon after the name, but there is "1"'],
    ["{'a': 1}", 'line 1, column 2: expected a name in double quotes, or "}", but there is "\'"'],
    ['{a: 1}', 'line 1, column 2: expected a name in double quotes, or "}", but there is "a"'],
    ['{"a": undefined}', 'line 1, column 7: expected a value, but there is "undefined"'],
    ['{"a": NaN}', 'line 1, column 7: expected a value, but there is "NaN"'],
    ['{"a": True}', 'line 1, column 7: expected a value, but there is "True"'],
    ['{"a": [1, 2', 'line 1, column 12: expected a comma or "]", but the text ends'],
    ['', 'line 1, column 1: expected a value, but the text ends'],
    ['{"a": "x', 'line 1, column 7: a text begins here that has no closing quote'],
    [
      '{"a": "x\ny"}',
      'line 1, column 9: a text holds a line break or control character: write \\n in its place',
    ],
    [
      '{"a": "C:\\videos"}',
      'line 1, column 10: a text holds a backslash that begins no escape: write \\\\ for a backslash',
    ],
    ['{} {}', 'line 1, column 4: expected the end of the text, but there is "{"'],
    ['{"a": 01}', 'line 1, column 8: expected a comma or "}", but there is "1"'],
    ['<html>', 'line 1, column 1: expected a value, but there is "<"'],
  ])('%j', (text, message) => {
    expect(faultOf(text)).toEqual({ path: '', message });
  });
});

describe('a number that JavaScript cannot hold is refused with its path', () => {
  test.each([
    ['{"client-data":{"id":12345678901234567890}}', 'client-data.id'],
    ['{"a":[1,{"b c":-9007199254740993}]}', 'a[1]["b c"]'],
    ['{"a":123456789012345678901234567890}', 'a'],
    ['{"a":1e999}', 'a'],
  ])('%s', (text, path) => {
    expect(faultOf(text)).toMatchObject({ path });
  });

  test.each([
    '{"a":9007199254740991}',
    '{"a":"12345678901234567890"}',
    '{"a":0.1234567890123456789}',
    '{"a":1e21}',
  ])('but not %s', (text) => {
    expect(readJsonText(text)).toEqual({ value: JSON.parse(text) });
  });
});

/** What `JSON.parse` makes of a text; undefined if it throws. */
const parsed = (text: string): { value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

test('any JSON is read as JSON.parse reads it, and any other text has a fault', () => {
  const pieces = fc.constantFrom('{', '}', '[', ']', '"', ',', ':', '1', 'e', '-', '\\', 'u', ' ', '/', '\n');
  const texts = fc.oneof(
    fc.json(),
    fc.string(),
    fc.array(pieces).map((all) => all.join('')),
  );
  const isRight = (text: string): boolean => {
    const read = readJsonText(text);
    const wanted = parsed(text);
    if ('value' in read) return wanted !== undefined && isDeepStrictEqual(read.value, wanted.value);
    return (wanted === undefined ? /^line \d+, column \d+: / : /digits|larger|deeper/).test(
      read.fault.message,
    );
  };
  expect(fc.check(fc.property(texts, isRight), { numRuns: 5_000 }).counterexample).toBeNull();
});

test('a text of 2 MB is read at once, however it is built', () => {
  const size = 2_000_000;
  for (const text of [
    '['.repeat(size),
    '{"a":'.repeat(size / 5),
    `"${'\\u0000'.repeat(size / 6)}`,
    '1'.repeat(size),
    `[${'1,'.repeat(size / 2)}`,
  ])
    expect(readJsonText(text)).toHaveProperty('fault');
}, 60_000);

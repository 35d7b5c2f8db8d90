import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOf } from '../../src/render/fingerprint.js';
import { isJsonObject, type Json, type JsonObject } from '../../src/render/json.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const movieOf = (text: string): JsonObject => {
  const movie: unknown = JSON.parse(text);
  if (!isJsonObject(movie)) throw new Error('not an object');
  return movie;
};

test('a fingerprint is the SHA-256 of the document in lower-case hex', () => {
  expect(fingerprintOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
});

test.each([
  [
    'the example of RFC 8785, section 3.2.2',
    String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],
      "string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],` +
      String.raw`"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  ],
  [
    'the sorting example of section 3.2.3, by UTF-16 code units',
    String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
      "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`,
    '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis",' +
      '"\u20ac":"Euro Sign","\ud83d\ude00":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
  ],
  ['a large number', '{"n":1e21}', '{"n":1e+21}'],
  ['the largest number without an exponent', '{"n":100000000000000000000}', '{"n":100000000000000000000}'],
  ['minus zero', '{"n":-0}', '{"n":0}'],
  ['a whole number with a fraction of zero', '{"n":5.0}', '{"n":5}'],
  ['the smallest number', '{"n":5e-324}', '{"n":5e-324}'],
  ['the largest number', '{"n":1.7976931348623157e308}', '{"n":1.7976931348623157e+308}'],
  ['a number beyond what a double can tell apart', '{"n":9007199254740993}', '{"n":9007199254740992}'],
  ['control characters', String.raw`{"s":"\u0000\u001f\b\f\u007f"}`, '{"s":"\\u0000\\u001f\\b\\f\u007f"}'],
  ['letters that look alike', '{"é":1,"e\u0301":2}', '{"e\u0301":2,"é":1}'],
  ['names that look like indices', '{"10":1,"9":2,"a":3}', '{"10":1,"9":2,"a":3}'],
  ['an empty name', '{"b":1,"":2}', '{"":2,"b":1}'],
])('%s is written as RFC 8785 says', (_, text, canonical) => {
  expect(fingerprintOf(movieOf(text))).toBe(sha256(canonical));
});

test('the order of names is irrelevant at every level, and the order of a list is not', () => {
  const left = { scenes: [{ duration: 5, elements: [] }], resolution: 'hd' };
  const right = { resolution: 'hd', scenes: [{ elements: [], duration: 5 }] };
  expect(fingerprintOf(left)).toBe(fingerprintOf(right));
  expect(fingerprintOf({ a: [1, 2] })).not.toBe(fingerprintOf({ a: [2, 1] }));
});

test.each([
  ['a missing name and null', {}, { a: null }],
  ['a number and its text', { a: 1 }, { a: '1' }],
  ['zero and false', { a: 0 }, { a: false }],
  ['an empty list and an empty object', { a: [] }, { a: {} }],
  ['a list and an object with its indices', { a: ['x'] }, { a: { '0': 'x' } }],
  ['composed and decomposed letters', { a: 'é' }, { a: 'e\u0301' }],
  ['text with and without a space', { a: 'x' }, { a: 'x ' }],
])('%s are different documents', (_, left, right) => {
  expect(fingerprintOf(left)).not.toBe(fingerprintOf(right));
});

const reversed = (value: unknown): Json => {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value as Json;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, inner]) => [name, reversed(inner)] as const),
  );
};

const reordered = (movie: JsonObject): JsonObject => movieOf(JSON.stringify(reversed(movie)));

// Few names and values, so that two documents which are drawn apart are often the same one.
const names = fc.constantFrom('a', 'b', 'c', '10', 'é');
const { small } = fc.letrec<{ small: Json }>((tie) => ({
  small: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Json>(null, true, 0, 1, '1', 'a', 1e21),
    fc.array(tie('small'), { maxLength: 2 }),
    fc.dictionary(names, tie('small'), { maxKeys: 2, noNullPrototype: true }),
  ),
}));
const smallMovies = fc.dictionary(names, small, { maxKeys: 2, noNullPrototype: true });
const pairs = fc.oneof(
  fc.tuple(smallMovies, smallMovies),
  fc
    .tuple(names, small, small)
    .map(([name, a, b]): [JsonObject, JsonObject] => [{ [name]: a }, { [name]: b }]),
  smallMovies.map((movie): [JsonObject, JsonObject] => [movie, reordered(movie)]),
);
const anyMovies = fc.dictionary(fc.string(), fc.jsonValue()).map((movie) => movieOf(JSON.stringify(movie)));

const differs = (fingerprint: (movie: JsonObject) => string): boolean =>
  fc.check(
    fc.property(pairs, ([left, right]) => {
      return (fingerprint(left) === fingerprint(right)) === isDeepStrictEqual(left, right);
    }),
    { numRuns: 5_000 },
  ).failed;

test('two movies have one fingerprint exactly when they are the same document', () => {
  expect(differs(fingerprintOf)).toBe(false);
  fc.assert(
    fc.property(anyMovies, (movie) => {
      expect(fingerprintOf(reordered(movie))).toBe(fingerprintOf(movie));
    }),
  );
});

test.each([
  ['depends on the order of names', (movie: JsonObject) => sha256(JSON.stringify(movie))],
  [
    'looks at the names of the first level only',
    (movie: JsonObject) => sha256(JSON.stringify(movie, Object.keys(movie).toSorted())),
  ],
])('a fingerprint that %s is caught by that check', (_, fingerprint) => {
  expect(differs(fingerprint)).toBe(true);
});

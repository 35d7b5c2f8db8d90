import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fingerprintOf } from '../../src/movie/fingerprint.js';
import { isJsonObject, type Json, type JsonObject } from '../../src/text/json.js';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const VECTORS = new URL('../../examples/fingerprint-vectors.json', import.meta.url);
const vectorsSchema = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      ignore: z.array(z.string()).default([]),
      movie: z.string(),
      canonical: z.string(),
      fingerprint: z.string(),
    }),
  ),
});

const movieOf = (text: string): JsonObject => {
  const movie: unknown = JSON.parse(text);
  if (!isJsonObject(movie)) throw new Error('not an object');
  return movie;
};

test('a fingerprint is the SHA-256 of the document in lower-case hex', () => {
  expect(fingerprintOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
});

/** The vectors that clients in other languages are held to, too: RFC 8785's own examples are among them. */
const { vectors } = vectorsSchema.parse(JSON.parse(readFileSync(VECTORS, 'utf8')));

test.each(vectors)('$name: written as RFC 8785 says', ({ movie, ignore, canonical, fingerprint }) => {
  expect(sha256(canonical)).toBe(fingerprint);
  expect(fingerprintOf(movieOf(movie), ignore)).toBe(fingerprint);
});

test('there are vectors for numbers, letters, order and nesting', () => {
  expect(vectors.length).toBeGreaterThanOrEqual(15);
  expect(new Set(vectors.map(({ fingerprint }) => fingerprint)).size).toBe(vectors.length);
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

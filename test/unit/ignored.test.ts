import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/movie/fingerprint.js';
import { parseIgnore } from '../../src/movie/ignored.js';
import { OptionsInvalid } from '../../src/render/errors.js';
import type { Json, JsonObject } from '../../src/text/json.js';
import { fuzzing } from '../support/fuzz.js';

const movieOf = (id: string, src: string): JsonObject => ({
  comment: id,
  scenes: [
    { id, elements: [{ type: 'image', src, id }] },
    { id: 'last', elements: [] },
  ],
});

describe('the fingerprint leaves out what `ignore` names', () => {
  test.each<[string, readonly string[], boolean]>([
    ['nothing', [], false],
    [
      'all that differs',
      ['/comment', '/scenes/*/id', '/scenes/*/elements/*/src', '/scenes/*/elements/*/id'],
      true,
    ],
    ['all that differs, at its index', ['/comment', '/scenes/0/id', '/scenes/0/elements/0'], true],
    ['only a part of it', ['/comment', '/scenes/*/id'], false],
    [
      'places that are not there',
      ['/nowhere/*', '/scenes/7/id', '/comment/x', '/scenes/*/elements/*/src/*'],
      false,
    ],
  ])('%s', (_, ignore, isSame) => {
    const left = fingerprintOf(movieOf('a', 'https://a.example/?sig=1'), ignore);
    const right = fingerprintOf(movieOf('b', 'https://a.example/?sig=2'), ignore);
    expect(left === right).toBe(isSame);
  });

  test('names with a slash or a tilde are escaped as in RFC 6901', () => {
    const ignore = ['/variables/a~1b', '/variables/c~0d'];
    const bare = fingerprintOf({ variables: { x: 1 } });
    expect(fingerprintOf({ variables: { x: 1, 'a/b': 2, 'c~d': 3 } }, ignore)).toBe(bare);
  });
});

describe('a list is refused', () => {
  test.each<[string, unknown]>([
    ['that is no list', '/comment'],
    ['with the whole movie', ['']],
    ['with all scenes', ['/scenes']],
    ['with every scene', ['/scenes/*']],
    ['with the template', ['/template']],
    ['with the variables', ['/variables']],
    ['with everything by a wildcard', ['/*']],
    ['with every scene by a wildcard', ['/*/*']],
    ['without a slash in front', ['comment']],
    ['with an escape that is none', ['/a~2b']],
    ['with something else than text', [7]],
    ['with a pointer without end', [`/${'x'.repeat(600)}`]],
    ['with 21 pointers', Array.from({ length: 21 }, (_, n) => `/variables/${n}`)],
  ])('%s', (_, given) => {
    expect(() => parseIgnore(given)).toThrow(OptionsInvalid);
  });

  test('but not with 20 pointers to places within', () => {
    const given = [
      '/scenes/0',
      '/scenes/*/id',
      '/variables/*',
      ...Array.from({ length: 17 }, (_, n) => `/client-data/${n}`),
    ];
    expect(parseIgnore(given)).toEqual(given);
  });
});

const names = fc.constantFrom('a', 'b', 'id', 'scenes', '0');
const { small } = fc.letrec<{ small: Json }>((tie) => ({
  small: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, 1, 'a', 'b'),
    fc.array(tie('small'), { maxLength: 3 }),
    fc.dictionary(names, tie('small'), { maxKeys: 3, noNullPrototype: true }),
  ),
}));
const movies = fc.dictionary(names, small, { maxKeys: 3, noNullPrototype: true });
const pointers = fc.array(fc.oneof(names, fc.constantFrom('*', '1')), { minLength: 2, maxLength: 4 });

/** All places of a movie, as the steps that lead to them. */
function placesOf(value: Json, steps: readonly string[] = []): (readonly string[])[] {
  const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [steps, ...inner.flatMap(([name, child]) => placesOf(child, [...steps, name]))];
}

/** The movie with another value at a place. */
function changedAt(value: Json, [step, ...rest]: readonly string[]): Json {
  if (step === undefined) return 'changed';
  if (Array.isArray(value))
    return value.map((item: Json, at) => (String(at) === step ? changedAt(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, child]) => [
      name,
      name === step ? changedAt(child, rest) : child,
    ]),
  );
}

const isIgnored = (place: readonly string[], pointer: readonly string[]): boolean =>
  pointer.length <= place.length && pointer.every((step, at) => step === '*' || step === place[at]);

type Fingerprint = (movie: JsonObject, ignore: readonly string[]) => string;

/** A change within an ignored place leaves the fingerprint; a change elsewhere, that hides no ignored place, alters it. */
const holds = (fingerprint: Fingerprint) =>
  fc.property(movies, fc.array(pointers, { maxLength: 3 }), fc.nat(), (movie, lists, at) => {
    const places = placesOf(movie).slice(1);
    const place = places[at % Math.max(1, places.length)];
    if (place === undefined) return true;
    const ignore = lists.map((steps) => `/${steps.join('/')}`);
    const isStable =
      fingerprint(movie, ignore) === fingerprint(changedAt(movie, place) as JsonObject, ignore);
    return isStable === lists.some((pointer) => isIgnored(place, pointer));
  });

const { shareMs, rounds } = fuzzing(1);

test(
  'over any movies and lists: stable under what is ignored, changed by anything else',
  () => rounds(() => expect(fc.check(holds(fingerprintOf), { numRuns: 10_000 }).counterexample).toBeNull()),
  30_000 + shareMs,
);

test.each<[string, Fingerprint]>([
  ['ignores nothing', (movie) => fingerprintOf(movie)],
  [
    'ignores the whole first member',
    (movie, ignore) =>
      fingerprintOf(
        movie,
        ignore.map((each) => each.split('/').slice(0, 2).join('/')),
      ),
  ],
  [
    'takes the wildcard for a name',
    (movie, ignore) =>
      fingerprintOf(
        movie,
        ignore.filter((each) => !each.includes('*')),
      ),
  ],
])('a fingerprint that %s is caught by that check', (_, fingerprint) => {
  expect(fc.check(holds(fingerprint), { numRuns: 10_000 }).failed).toBe(true);
});

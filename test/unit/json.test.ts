import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differingPaths, isJsonObject, isWithinDepth, parseJson } from '../../src/text/json.js';

describe('differingPaths', () => {
  test.each([
    ['a changed text', { a: { b: 'x' } }, { a: { b: 'y' } }, ['a.b']],
    [
      'an element',
      { scenes: [{ elements: [1, 2] }] },
      { scenes: [{ elements: [1, 3] }] },
      ['scenes[0].elements[1]'],
    ],
    ['a name that only one has', { a: 1 }, { a: 1, b: 2 }, ['b']],
    ['a name with null and no name', { a: null }, {}, ['a']],
    ['a longer list', { a: [1] }, { a: [1, 2, 3] }, ['a[1]', 'a[2]']],
    ['a shorter list', { a: [1, 2] }, { a: [1] }, ['a[1]']],
    ['a list and an object', { a: [] }, { a: {} }, ['a']],
    ['an object and null', { a: {} }, { a: null }, ['a']],
    ['a number and its text', { a: 1 }, { a: '1' }, ['a']],
    [
      'several places, in the order of the left document',
      { b: 1, a: 1 },
      { a: 2, b: 2, c: 3 },
      ['b', 'a', 'c'],
    ],
    ['the whole document', 1, 2, ['(the whole document)']],
    ['a list and an object at the top', [], {}, ['(the whole document)']],
  ])('names %s', (_, left, right, paths) => {
    expect(differingPaths(left, right)).toEqual(paths);
  });

  test.each([
    ['the same document', { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['another order of names', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['zero and minus zero, which JSON writes alike', { a: 0 }, { a: -0 }],
    ['nothing at all', {}, {}],
  ])('names nothing for %s', (_, left, right) => {
    expect(differingPaths(left, right)).toEqual([]);
  });

  test('names at most 10 places, or as many as are asked for', () => {
    const left = Array.from({ length: 100 }, (_, index) => index);
    const right = left.map((value) => value + 1);
    expect(differingPaths(left, right)).toEqual(Array.from({ length: 10 }, (_, index) => `[${index}]`));
    expect(differingPaths(left, right, 3)).toEqual(['[0]', '[1]', '[2]']);
    expect(differingPaths(left, right, 0)).toEqual([]);
  });

  test('names nothing exactly when two documents are the same', () => {
    const names = fc.constantFrom('a', 'b', 'scenes', 'toString');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom(null, true, 0, 1, '1', ''),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(names, tie('value'), { maxKeys: 2, noNullPrototype: true }),
      ),
    }));
    const isEqual = (left: unknown, right: unknown): boolean => {
      try {
        expect(left).toStrictEqual(right);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(value, value, (left, right) => {
        expect(differingPaths(left, right).length === 0).toBe(isEqual(left, right));
      }),
      { numRuns: 500 },
    );
  });
});

describe('isWithinDepth', () => {
  const nested = (depth: number): unknown => {
    let value: unknown = 'x';
    for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
    return value;
  };

  test.each([0, 1, 2, 63, 64])(
    'a document %i levels deep is within its depth and beyond one less',
    (depth) => {
      expect(isWithinDepth(nested(depth), depth)).toBe(true);
      expect(isWithinDepth(nested(depth), depth - 1)).toBe(false);
    },
  );

  test('a document 100,000 levels deep is judged without exhausting the stack', () => {
    const deep = nested(100_000);
    expect(isWithinDepth(deep, 64)).toBe(false);
    expect(isWithinDepth(deep, 99_999)).toBe(false);
    expect(isWithinDepth(deep, 100_000)).toBe(true);
  });

  test('a document that contains itself is beyond every depth', () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    expect(isWithinDepth(cycle, 1_000)).toBe(false);
  });

  test('a document that holds one part many times over is judged at once', () => {
    let value: unknown = 'x';
    for (let level = 0; level < 60; level += 1) value = [value, value];
    expect(isWithinDepth(value, 60)).toBe(true);
    expect(isWithinDepth(value, 59)).toBe(false);
  });

  test('width does not count', () => {
    const wide = Array.from({ length: 200_000 }, (_, index) => [index]);
    expect(isWithinDepth(wide, 2)).toBe(true);
  });

  test('it agrees with a count by recursion for every document', () => {
    const depthOf = (value: unknown): number => {
      const inner = typeof value === 'object' && value !== null ? Object.values(value) : [];
      return inner.length === 0 ? 0 : 1 + Math.max(...inner.map(depthOf));
    };
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 6 }), (value, limit) => {
        expect(isWithinDepth(value, limit)).toBe(depthOf(value) <= limit);
      }),
    );
  });
});

describe('parseJson', () => {
  test.each(['', '{', '<html>', 'undefined', "{'a':1}", '\u0000'])('of %j is undefined', (text) => {
    expect(parseJson(text)).toBeUndefined();
  });

  test('reads back any JSON value', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['{}', false],
  [undefined, false],
])('%j is a JSON object: %s', (value, expected) => {
  expect(isJsonObject(value)).toBe(expected);
});

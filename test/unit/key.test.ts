import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KeyInvalid } from '../../src/render/errors.js';
import { assertKey, renderKey } from '../../src/render/key.js';

const isAccepted = (key: unknown): boolean => {
  try {
    assertKey(key);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(KeyInvalid);
    return false;
  }
};

describe('a key', () => {
  test.each([
    ['one character', 'a'],
    ['words with spaces between them', 'order 12345 thumbnail'],
    ['200 bytes of ASCII', 'x'.repeat(200)],
    ['200 bytes of UTF-8', 'é'.repeat(100)],
    ['emoji', '😀'.repeat(50)],
    ['punctuation', '{"a":[1]}/?#&%\\'],
  ])('may be %s', (_, key) => {
    expect(isAccepted(key)).toBe(true);
  });

  test.each([
    ['empty', '', 'the key is empty'],
    ['201 bytes of ASCII', 'x'.repeat(201), 'the key has 201 bytes, and the limit is 200'],
    ['101 characters of two bytes', 'é'.repeat(101), 'the key has 202 bytes, and the limit is 200'],
    ['51 emoji', '😀'.repeat(51), 'the key has 204 bytes, and the limit is 200'],
    ['a line feed inside', 'a\nb', 'the key holds a control character'],
    ['a NUL', 'a\0b', 'the key holds a control character'],
    ['a C1 control character', 'a\u0085b', 'the key holds a control character'],
    ['a space before', ' a', 'the key begins or ends with a space'],
    ['a space after', 'a ', 'the key begins or ends with a space'],
    ['only a space', ' ', 'the key begins or ends with a space'],
    ['a no-break space after', 'a\u00a0', 'the key begins or ends with a space'],
    ['half of an emoji', 'a\ud83d', 'the key is not well-formed Unicode (a lone surrogate)'],
    ['the other half', '\ude00a', 'the key is not well-formed Unicode (a lone surrogate)'],
    ['a reserved ID', 'renderonce.review:a', 'keys that begin with renderonce. are reserved'],
  ])('may not be %s', (_, key, message) => {
    expect(() => assertKey(key)).toThrow(new KeyInvalid(message));
  });

  test.each([
    ['in NFD', 'café'.normalize('NFD'), /U\+0065 U\+0301 must be U\+00E9; use key\.normalize\('NFC'\)/],
    ['with another letter for the same sign', 'in \u212b', /U\+212B must be U\+00C5/],
    ['with its marks out of order', 'a\u0307\u0323', /U\+0061 U\+0307 U\+0323 must be U\+1EA1 U\+0307/],
    ['in conjoining jamo', '\u1112\u1161\u11ab', /is not in Unicode NFC/],
    [
      'with a zero-width space',
      'order\u200b1',
      /U\+200B, which nobody can see: remove it, e\.g\. by key\.replace/,
    ],
    ['with a soft hyphen', 'or\u00adder', /U\+00AD/],
    ['with a byte order mark inside', 'a\ufeffb', /U\+FEFF/],
    ['with a variation selector', '❤\ufe0f', /U\+FE0F/],
  ])('that reads as another one is refused, and says how to normalise: %s', (_, key, message) => {
    expect(() => assertKey(key)).toThrow(KeyInvalid);
    expect(() => assertKey(key)).toThrow(message);
    const normal = key.replace(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFC');
    expect(isAccepted(normal)).toBe(true);
  });

  test.each([
    [undefined, 'a key is a string, and this is undefined'],
    [null, 'a key is a string, and this is null'],
    [12345, 'a key is a string, and this is number'],
    [['a'], 'a key is a string, and this is object'],
  ])('is not %j', (key, message) => {
    expect(() => assertKey(key)).toThrow(new KeyInvalid(message));
  });

  test('is accepted exactly if it keeps every rule', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.oneof(fc.string(), fc.string({ unit: 'binary' })) }), (key) => {
        const sizeBytes = Buffer.byteLength(key);
        const isFit =
          sizeBytes >= 1 &&
          sizeBytes <= 200 &&
          key.trim() === key &&
          key.normalize('NFC') === key &&
          !/[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.test(key);
        expect(isAccepted(key)).toBe(isFit);
      }),
    );
  });
});

describe('renderKey', () => {
  test.each([
    ['order:12345:promo-video', ['order', 12345, 'promo-video']],
    ['order', ['order']],
    ['user:7:0', ['user', 7n, 0]],
    ['a\\:b:c', ['a:b', 'c']],
    ['a:b\\:c', ['a', 'b:c']],
    ['a\\\\:b', ['a\\', 'b']],
    ['a\\\\\\:b', ['a\\:b']],
    ['grün:漢字', ['grün', '漢字']],
  ])('gives %s, with ambiguous characters escaped', (key, parts) => {
    expect(renderKey(...parts)).toBe(key);
  });

  test.each([
    ['no parts', []],
    ['an empty part', ['order', '', 'video']],
    ['only an empty part', ['']],
    ['a control character', ['order', 'a\nb']],
    ['a part that begins with a space at the front', [' order', 1]],
    ['too many bytes', ['x'.repeat(150), 'y'.repeat(50)]],
    ['parts that give a reserved ID', ['renderonce.after', 1]],
  ])('refuses %s', (_, parts) => {
    expect(() => renderKey(...parts)).toThrow(KeyInvalid);
  });

  test.each([
    [undefined, 'part 2 of the key is undefined, and must be text, a finite number or a bigint'],
    [null, 'part 2 of the key is null'],
    [Number.NaN, 'part 2 of the key is NaN'],
    [Number.POSITIVE_INFINITY, 'part 2 of the key is Infinity'],
    [true, 'part 2 of the key is boolean'],
    [{ id: 1 }, 'part 2 of the key is object'],
    [['a'], 'part 2 of the key is object'],
    [new Date(0), 'part 2 of the key is object'],
    [Symbol('a'), 'part 2 of the key is symbol'],
  ])('refuses a part that JavaScript would make text of without a meaning: %s', (part, message) => {
    expect(() => Reflect.apply(renderKey, undefined, ['order', part])).toThrow(KeyInvalid);
    expect(() => Reflect.apply(renderKey, undefined, ['order', part])).toThrow(message);
  });

  const parts = fc.array(
    fc.string({ unit: fc.constantFrom('a', ':', '\\', 'é'), minLength: 1, maxLength: 4 }),
    { minLength: 1, maxLength: 4 },
  );
  const readBack = (key: string): string[] =>
    (key.match(/(?:\\.|[^\\:])+/g) ?? []).map((part) => part.replace(/\\(.)/g, '$1'));

  type Join = (...parts: string[]) => string;
  /** True if other parts give the same key. Tries first the parts that a reader of the key would see. */
  const collides = (join: Join): boolean =>
    fc.check(
      fc.property(parts, parts, (left, other) => {
        const read = readBack(join(...left));
        return [read, other].every(
          (right) =>
            right.length === 0 || join(...left) !== join(...right) || left.join('\n') === right.join('\n'),
        );
      }),
      { numRuns: 2_000 },
    ).failed;

  test('different parts never give the same key', () => {
    expect(collides(renderKey)).toBe(false);
  });

  test.each([
    ['escapes nothing', (...all: string[]) => all.join(':')],
    [
      'escapes only the separator',
      (...all: string[]) => all.map((part) => part.replaceAll(':', '\\:')).join(':'),
    ],
  ])('a join that %s is caught by that check', (_, join) => {
    expect(collides(join)).toBe(true);
  });

  test('the parts can be read back from the key', () => {
    fc.assert(
      fc.property(parts, (given) => {
        expect(readBack(renderKey(...given))).toEqual(given);
      }),
    );
  });
});

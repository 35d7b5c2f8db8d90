import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLoopback, messageOf, shorten, utf8Bytes } from '../../src/text/text.js';

describe('shorten', () => {
  test.each([
    ['short text', 'Insufficient credits', 'Insufficient credits'],
    ['empty text', '', ''],
    ['letters of any script', 'naïve 漢字 😀', 'naïve 漢字 😀'],
  ])('leaves %s as it is', (_, text, expected) => {
    expect(shorten(text)).toBe(expected);
  });

  test.each([
    ['line breaks', 'a\r\nb\n\nc', 'a b c'],
    ['tabs and runs of spaces', 'a\t \t b', 'a b'],
    ['control characters', 'a\0b\u001b[31mc\u009bd', 'a b [31mc d'],
    ['line separators', 'a\u2028b\u2029c', 'a b c'],
    ['lone surrogates', 'a\ud800b\udc00c', 'a b c'],
    ['space at the ends', ' \n a \t', 'a'],
  ])('turns %s into single spaces', (_, text, expected) => {
    expect(shorten(text)).toBe(expected);
  });

  test('cuts at the limit and says that it cut', () => {
    expect(shorten('x'.repeat(300))).toBe('x'.repeat(300));
    expect(shorten('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
    expect(shorten('abcdef', 4)).toBe('abc…');
    expect(shorten('abcd', 4)).toBe('abcd');
  });

  test('never cuts a character in two', () => {
    expect(shorten(`${'x'.repeat(298)}😀${'x'.repeat(50)}`)).toBe(`${'x'.repeat(298)}😀…`);
  });

  test('gives one well-formed line of at most so many characters, for any text', () => {
    const texts = fc.string({
      unit: fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\n', '\ud800', 'xx')),
    });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 50 }), (text, limit) => {
        const line = shorten(text, limit);
        expect(Array.from(line).length).toBeLessThanOrEqual(limit);
        expect(line).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]|^\s|\s$|\s\s/u);
      }),
    );
  });
});

test('utf8Bytes counts the bytes on the wire', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
    }),
  );
});

test.each([
  ['an error', new TypeError('wrong'), 'wrong'],
  ['a text', 'wrong', 'wrong'],
  ['nothing', undefined, 'undefined'],
  ['null', null, 'null'],
  ['a number', 5, '5'],
])('%s that was thrown has a message', (_, thrown, message) => {
  expect(messageOf(thrown)).toBe(message);
});

describe('loopback', () => {
  test.each([
    'localhost',
    'LOCALHOST',
    'a.localhost',
    '127.0.0.1',
    '127.1.2.3',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
  ])('%s is this machine', (host) => expect(isLoopback(host)).toBe(true));

  test.each([
    'localhost.example.com',
    'notlocalhost',
    '127.0.0.1.example.com',
    '128.0.0.1',
    '::2',
    '0.0.0.0',
    '',
  ])('%s is not', (host) => expect(isLoopback(host)).toBe(false));
});

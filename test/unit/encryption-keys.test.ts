import { inspect } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encryptingDataConverter } from '../../src/codec/index.js';
import { parseEncryptionKeys } from '../../src/codec/encryption-keys.js';
import { ConfigInvalid } from '../../src/render/errors.js';

const BYTES = Buffer.alloc(32, 7);
const KEY = BYTES.toString('base64');

test('one key or several are read, in their order, with spaces around them', () => {
  expect(parseEncryptionKeys(`2026-11:${KEY}`)).toMatchObject([{ id: '2026-11' }]);
  const [first, second] = parseEncryptionKeys(` b:${KEY} , a.1_x:${Buffer.alloc(32, 8).toString('base64')}`);
  expect([first.id, second?.id]).toEqual(['b', 'a.1_x']);
  expect(first.key.export()).toEqual(BYTES);
});

describe('what is no list of keys is refused, without a word of the keys', () => {
  const urlSafe = Buffer.alloc(32, 255).toString('base64url');
  test.each([
    ['', /position 1/],
    [KEY, /position 1/],
    [`:${KEY}`, /position 1/],
    [`a:${KEY},`, /position 2/],
    [`a:${KEY},${KEY}`, /position 2/],
    [`a b:${KEY}`, /position 1/],
    [`${'i'.repeat(65)}:${KEY}`, /position 1/],
    ['a:', /after ID a the base64 of exactly 32 bytes/],
    [`a:${Buffer.alloc(31).toString('base64')}`, /exactly 32 bytes/],
    [`a:${Buffer.alloc(33).toString('base64')}`, /exactly 32 bytes/],
    [`a:${KEY.slice(0, -1)}`, /exactly 32 bytes/],
    [`a:${KEY.slice(0, -2)}d=`, /exactly 32 bytes/],
    [`a:${urlSafe}=`, /exactly 32 bytes/],
    [`a:${KEY}\n`.replace('=', '=x'), /exactly 32 bytes/],
    [`a:${KEY},a:${KEY}`, /two keys with ID a/],
  ])('%j', (text, message) => {
    const parse = () => parseEncryptionKeys(text);
    expect(parse).toThrow(ConfigInvalid);
    expect(parse).toThrow(message);
    expect(parse).toThrow(/^RENDERONCE_ENCRYPTION_KEYS /);
    for (const part of [KEY, urlSafe]) expect(parse).not.toThrow(part.slice(0, 20));
  });

  test('any other text, with our own error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
        expect(() => parseEncryptionKeys(text)).toThrow(ConfigInvalid);
      }),
      { numRuns: 10_000 },
    );
  });
});

test('keys and the converter made of them print without their bytes', () => {
  const printed = [parseEncryptionKeys(`a:${KEY}`), encryptingDataConverter(`a:${KEY}`)].flatMap((object) => [
    inspect(object, { depth: 10, showHidden: true }),
    JSON.stringify(object),
  ]);
  for (const text of printed) {
    expect(text).not.toContain(KEY.slice(0, 12));
    expect(text).not.toMatch(/07 07 07|7, ?7, ?7/);
  }
});

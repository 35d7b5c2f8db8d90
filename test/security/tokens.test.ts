import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signToken, verifyToken } from '../../src/receiver/callback-token.js';

const SECRET = 'a-secret-of-tokens-that-is-long-enough';
const NOW_MS = Date.parse('2026-11-24T10:00:00.000Z');
const EXPIRY = new Date(NOW_MS + 3_600_000);
const KEYS = ['order-12345-thumbnail', 'a', 'ö', 'k'.repeat(200)];

type Verify = (token: string) => string | undefined;
const verify: Verify = (token) => verifyToken(token, [SECRET], NOW_MS);

/** Every token that differs in one bit: of its text, and of the bytes that its parts stand for. */
function flips(token: string): string[] {
  const flipped = (bytes: Buffer, bit: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    return copy;
  };
  const bitsOf = (bytes: Buffer): number[] => Array.from({ length: bytes.length * 8 }, (_, bit) => bit);
  const text = Buffer.from(token, 'latin1');
  const parts = token.split('.');
  const inParts = [1, 3].flatMap((index) => {
    const bytes = Buffer.from(parts[index] ?? '', 'base64url');
    return bitsOf(bytes).map((bit) => parts.with(index, flipped(bytes, bit).toString('base64url')).join('.'));
  });
  return [...bitsOf(text).map((bit) => flipped(text, bit).toString('latin1')), ...inParts];
}

const accepted = (tokens: readonly string[], check: Verify): string[] =>
  tokens.filter((token) => check(token) !== undefined);

describe.each(KEYS)('of a token for %s', (key) => {
  const token = signToken(key, EXPIRY, [SECRET]);

  test('no flip of one bit is accepted, and the token itself is', () => {
    expect(verify(token)).toBe(key);
    const flipped = flips(token);
    expect(flipped.length).toBeGreaterThan(token.length * 8);
    expect(accepted(flipped, verify)).toEqual([]);
  });

  test('no other spelling is accepted', () => {
    const [, encoded = '', expiry = '', mac = ''] = token.split('.');
    const spellings = [
      ` ${token}`,
      `${token} `,
      `${token}\n`,
      `${token}=`,
      `${token}.`,
      token.replace('v1', 'V1'),
      token.replace(`.${expiry}.`, `.0${expiry}.`),
      token.replace(`.${expiry}.`, `.+${expiry}.`),
      token.replace(`.${expiry}.`, `.${expiry}.0.`),
      token.replace(encoded, `${encoded}=`),
      token.replace(mac, Buffer.from(mac, 'base64url').toString('hex')),
      `v1.${encoded}.${expiry}.`,
      `v1.${encoded}.${expiry}`,
      `v1..${expiry}.${mac}`,
    ];
    expect(accepted(spellings, verify)).toEqual([]);
  });
});

/** The decoder that is at hand: it skips what it does not know, and spare bits. */
const lenient: Verify = (token) => {
  const [version, key = '', expiry, mac = ''] = token.split('.');
  const genuine = createHmac('sha256', SECRET).update(`${version}.${key}.${expiry}`).digest();
  return genuine.equals(Buffer.from(mac, 'base64url')) ? key : undefined;
};

test('the control: a decoder that is not strict lets flips through', () => {
  const tokens = KEYS.map((key) => signToken(key, EXPIRY, [SECRET]));
  for (const token of tokens) expect(lenient(token)).toBeDefined();
  expect(accepted(tokens.flatMap(flips), lenient).length).toBeGreaterThan(0);
});

const base64url = (size: number) =>
  fc
    .uint8Array({ minLength: size, maxLength: size })
    .map((bytes) => Buffer.from(bytes).toString('base64url'));
const KEY = Buffer.from('order-12345').toString('base64url');
const LATER = EXPIRY.getTime() / 1_000;

/** What somebody without the secret may try: guesses, other secrets, and the signature of another token. */
const forgeries = fc.oneof(
  fc.string({ unit: fc.constantFrom('v', '1', '.', 'A', '_', '-', '0', 'é') }),
  fc.tuple(base64url(8), fc.nat(), base64url(32)).map(([key, at, mac]) => `v1.${key}.${at}.${mac}`),
  base64url(32).map((mac) => `v1.${KEY}.${LATER}.${mac}`),
  fc.string().map((other) => signToken('order-12345', EXPIRY, [other])),
  fc.string({ minLength: 1 }).map((key) => {
    const [, , , mac = ''] = signToken('order-1', EXPIRY, [SECRET]).split('.');
    return `v1.${Buffer.from(`${key}!`).toString('base64url')}.${LATER}.${mac}`;
  }),
);

const refuses = (check: Verify) => fc.property(forgeries, (token) => check(token) === undefined);

test('none of 100,000 random forgeries is accepted', () => {
  expect(() => fc.assert(refuses(verify), { numRuns: 100_000 })).not.toThrow();
}, 60_000);

test('the control: a check of the first byte alone would be found out', () => {
  const careless: Verify = (token) => {
    const head = token.slice(0, token.lastIndexOf('.'));
    const [first] = createHmac('sha256', SECRET).update(head).digest();
    const given = Buffer.from(token.slice(head.length + 1), 'base64url');
    return given.length === 32 && given[0] === first ? head : undefined;
  };
  expect(fc.check(refuses(careless), { numRuns: 100_000 })).toMatchObject({ failed: true });
}, 60_000);

import { createSecretKey, randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { parseEncryptionKeys } from '../../src/codec/encryption-keys.js';
import { EncryptingCodec } from '../../src/codec/payload-codec.js';
import { PayloadUnreadable } from '../../src/render/errors.js';
import { MOVIE_BYTES } from '../../src/render/limits.js';

const keyOf = (id: string, bytes = randomBytes(32)): ReturnType<typeof parseEncryptionKeys>[0] => ({
  id,
  key: createSecretKey(bytes),
});
const OLD = keyOf('old');
const NEW = keyOf('new');
const codec = new EncryptingCodec([OLD]);

/** What the engine refuses as one blob. */
const ENGINE_BLOB_BYTES = 2 * 1_024 * 1_024;

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) ?? {};
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);

/** All bytes of a payload, comparable whatever kind of array holds them. */
const hexOf = ({ metadata, data }: Payload): unknown => [
  Object.entries(metadata ?? {}).map(([name, bytes]) => [name, Buffer.from(bytes).toString('hex')]),
  Buffer.from(data ?? []).toString('hex'),
];

async function encoded(value: unknown, by = codec): Promise<Payload & { data: Buffer }> {
  const [payload] = await by.encode([payloadOf(value)]);
  return { ...payload, data: Buffer.from(payload?.data ?? []) };
}

const decoded = async (payload: Payload, by = codec): Promise<unknown> => {
  const [plain = {}] = await by.decode([payload]);
  return valueOf(plain);
};

describe('a payload', () => {
  test('comes back as it was, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        // Not the value itself: JSON has no -0.
        expect(await decoded(await encoded(value))).toEqual(valueOf(payloadOf(value)));
      }),
      { numRuns: 1_000 },
    );
  });

  test('comes back with its metadata and its bytes, also where it has none', async () => {
    const all: Payload[] = [
      { metadata: { encoding: Buffer.from('binary/plain'), more: randomBytes(9) }, data: randomBytes(300) },
      payloadOf(null),
      { metadata: { encoding: Buffer.from('binary/null') }, data: Buffer.alloc(0) },
      { metadata: {}, data: Buffer.alloc(0) },
    ];
    const back = await codec.decode(await codec.encode(all));
    expect(back.map(hexOf)).toEqual(all.map(hexOf));
    expect(await codec.encode([])).toEqual([]);
  });

  test('shows nothing of what is in it, its own metadata included', async () => {
    const { metadata, data } = await encoded({ customer: 'Ada Lovelace' });
    expect(data.toString('latin1')).not.toMatch(/Ada|customer|json/);
    expect(Object.keys(metadata ?? {}).toSorted()).toEqual(['encoding', 'encryption-key-id']);
    expect(Buffer.from(metadata?.['encryption-key-id'] ?? []).toString()).toBe('old');
    expect(Buffer.from(metadata?.['encoding'] ?? []).toString()).toBe('binary/renderonce-encrypted-1');
  });

  test('never looks the same twice: each has a nonce of its own', async () => {
    const many = await codec.encode(Array.from({ length: 2_000 }, () => payloadOf('same')));
    const nonces = new Set(
      many.map(({ data }) =>
        Buffer.from(data ?? [])
          .toString('hex')
          .slice(0, 24),
      ),
    );
    expect(nonces.size).toBe(2_000);
  });

  test('of the largest movie stays within what the engine takes, and a repetitive one gets small', async () => {
    const incompressible = randomBytes((MOVIE_BYTES * 3) / 4).toString('base64');
    expect(incompressible.length).toBe(MOVIE_BYTES);
    const { data } = await encoded(incompressible);
    expect(data.length).toBeLessThan(ENGINE_BLOB_BYTES);
    expect(await decoded({ ...(await encoded(incompressible)) })).toBe(incompressible);
    expect((await encoded('scene '.repeat(MOVIE_BYTES / 6))).data.length).toBeLessThan(20_000);
  });

  test('of another encoding passes unchanged, so that what was there before encryption can be read', async () => {
    const plain = payloadOf({ was: 'here before' });
    expect(await codec.decode([plain])).toEqual([plain]);
  });
});

describe('after a rotation', () => {
  test('the first key encrypts, and what the old one encrypted can still be read', async () => {
    const before = await encoded('from last month');
    const rotated = new EncryptingCodec([NEW, OLD]);
    expect(await decoded(before, rotated)).toBe('from last month');
    const after = await encoded('from today', rotated);
    expect(Buffer.from(after.metadata?.['encryption-key-id'] ?? []).toString()).toBe('new');
    expect(await decoded(after, new EncryptingCodec([NEW]))).toBe('from today');
  });

  test('a process that has not got the new key yet can be given it beforehand, as a key that only decrypts', async () => {
    const prepared = new EncryptingCodec([OLD, NEW]);
    expect(await decoded(await encoded('new', new EncryptingCodec([NEW, OLD])), prepared)).toBe('new');
    expect((await encoded('old', prepared)).metadata?.['encryption-key-id']).toEqual(Buffer.from('old'));
  });

  test('a key that was dropped too early is named in the error', async () => {
    const late = decoded(await encoded('x'), new EncryptingCodec([NEW]));
    await expect(late).rejects.toThrow(PayloadUnreadable);
    await expect(late).rejects.toThrow(/key old, which this process does not have/);
  });
});

describe('what was altered is refused', () => {
  test('every flipped bit of nonce, ciphertext and tag', async () => {
    const genuine = await encoded({ amount: 1 });
    expect(await decoded(genuine)).toEqual({ amount: 1 });
    for (let bit = 0; bit < genuine.data.length * 8; bit += 1) {
      const data = Buffer.from(genuine.data);
      data.writeUInt8(data.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await expect(decoded({ ...genuine, data })).rejects.toThrow(PayloadUnreadable);
    }
  });

  test('every shortened or lengthened text', async () => {
    const genuine = await encoded('text');
    for (let length = 0; length < genuine.data.length; length += 1) {
      await expect(decoded({ ...genuine, data: genuine.data.subarray(0, length) })).rejects.toThrow(
        PayloadUnreadable,
      );
    }
    const longer = { ...genuine, data: Buffer.concat([genuine.data, Buffer.from([0])]) };
    await expect(decoded(longer)).rejects.toThrow(PayloadUnreadable);
    await expect(decoded({ metadata: genuine.metadata ?? {} })).rejects.toThrow(PayloadUnreadable);
  });

  test('the key ID: it is authenticated, even where both names stand for the same bytes', async () => {
    const bytes = randomBytes(32);
    const both = new EncryptingCodec([keyOf('a', bytes), keyOf('b', bytes)]);
    const genuine = await encoded('x', both);
    expect(await decoded(genuine, both)).toBe('x');
    const renamed = { ...genuine, metadata: { ...genuine.metadata, 'encryption-key-id': Buffer.from('b') } };
    await expect(decoded(renamed, both)).rejects.toThrow(PayloadUnreadable);
  });

  test('a payload that says of itself how it was encrypted, made with another key of that name', async () => {
    const forged = await encoded('x', new EncryptingCodec([keyOf('old')]));
    await expect(decoded(forged)).rejects.toThrow(/altered, or another key has this ID here/);
  });

  test('a payload that grows without measure when it is decompressed', async () => {
    const bomb = await codec.encode([{ metadata: {}, data: Buffer.alloc(9_000_000) }]);
    expect(bomb[0]?.data?.length).toBeLessThan(20_000);
    await expect(codec.decode(bomb)).rejects.toThrow(PayloadUnreadable);
  });
});

import { describe, expect, test } from 'vitest';
import { KeyInvalid, MovieInvalid, OptionsInvalid } from '../../src/render/errors.js';
import { fingerprintOf } from '../../src/movie/fingerprint.js';
import { prepareCall } from '../../src/starter/prepare.js';

test('a prepared call holds the movie as it goes over the wire, and the fingerprint of that', () => {
  const call = prepareCall('k', { scenes: [undefined], b: undefined, a: -0 }, {});
  expect(call.movie).toEqual({ scenes: [null], a: 0 });
  expect(call.fingerprint).toBe(fingerprintOf({ a: 0, scenes: [null] }));
  expect(call.fingerprint).toMatch(/^[0-9a-f]{64}$/);
});

test('half of an emoji, left by a cut, is sent and fingerprinted as its escape', () => {
  const call = prepareCall('k', { scenes: [], comment: 'go \ud83d' }, {});
  expect(JSON.stringify(call.movie)).toBe('{"scenes":[],"comment":"go \\ud83d"}');
  expect(call.fingerprint).toBe(fingerprintOf({ comment: 'go \ud83d', scenes: [] }));
  const others = ['go \udc00', 'go \ufffd', 'go \\ud83d', 'go 😀', 'go '];
  for (const comment of others) expect(fingerprintOf({ comment, scenes: [] })).not.toBe(call.fingerprint);
});

test('each call has a caller token of its own', () => {
  const tokens = Array.from({ length: 20 }, () => prepareCall('k', {}, {}).caller);
  expect(new Set(tokens).size).toBe(20);
});

test('options of the call do not become options of the render', () => {
  const { signal } = new AbortController();
  const call = prepareCall('k', {}, { deadlineMs: 500, signal, pollSeconds: 7 });
  expect(call).toMatchObject({ key: 'k', signal, options: { pollSeconds: 7 } });
  expect(Object.keys(call.options)).toEqual(['pollSeconds']);
});

describe('nothing unfit reaches the engine', () => {
  test('a key that breaks the rules', () => {
    expect(() => prepareCall('', {}, {})).toThrow(KeyInvalid);
    expect(() => prepareCall(undefined, {}, {})).toThrow(KeyInvalid);
  });

  test('a movie that cannot be sent, with the key it was meant for', () => {
    expect(() => prepareCall('k', [], {})).toThrow(MovieInvalid);
    expect(() => prepareCall('k', [], {})).toThrow(expect.objectContaining({ key: 'k' }));
  });

  test.each([
    ['an ID as a number', { 'client-data': { id: Number('12345678901234567890') } }, 'client-data.id'],
    ['a number in a list', { variables: { ids: [1, Number('9007199254740993')] } }, 'variables.ids[1]'],
  ])('%s of which JavaScript has lost digits, with its path', (_, movie, path) => {
    expect(() => prepareCall('k', movie, {})).toThrow(
      `${path} is an integer with more digits than JavaScript holds: write it as text`,
    );
  });

  test.each([
    { pollSeconds: 1 },
    { pollSecond: 5 },
    { deadlineMs: 0 },
    { deadlineMs: -1 },
    { deadlineMs: Number.NaN },
  ])('options such as %j', (options) => {
    expect(() => prepareCall('k', {}, options)).toThrow(OptionsInvalid);
  });
});

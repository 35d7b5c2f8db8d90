import { expect, test } from 'vitest';
import { expiryOf } from '../../src/render/outcome.js';
import { describeReading, type Reading } from '../../src/render/reading.js';

test.each([
  ['2026-11-24T11:00:00.000Z', '2026-12-01T11:00:00.000Z'],
  ['2026-12-28T23:59:59Z', '2027-01-04T23:59:59.000Z'],
  ['2026-03-25T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
])('a file that was finished at %s is deleted 7 days later, at %s', (endedAt, expiresAt) => {
  expect(expiryOf(endedAt)).toBe(expiresAt);
});

test.each([null, '', 'yesterday', '2026-99-99T00:00:00Z'])(
  'of a file finished at %j is unknown',
  (endedAt) => {
    expect(expiryOf(endedAt)).toBeNull();
  },
);

test.each<[string, Reading]>([
  ['running', { says: 'rendering', status: 'running' }],
  ['running 42 %', { says: 'rendering', status: 'running', progressPercent: 41.7 }],
  ['running 0 %: scene 2', { says: 'rendering', status: 'running', progressPercent: 0, message: 'scene 2' }],
  ['done, but without a file', { says: 'gone', message: '' }],
  ['error: no source', { says: 'error', message: 'no source' }],
  ['timeout: too long', { says: 'timeout', message: 'too long' }],
  ['unknown to the provider: TypeError', { says: 'missing', message: 'TypeError' }],
  ['no status: HTTP 503', { says: 'unreadable', message: 'HTTP 503' }],
])('a person reads "%s"', (words, reading) => {
  expect(describeReading(reading)).toBe(words);
});

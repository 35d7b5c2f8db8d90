import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/json2video/http-get.js';

const NOW_MS = Date.parse('2026-11-24T10:00:00.000Z');

test.each([
  ['seconds', '120', 120_000],
  ['no seconds', '0', 0],
  ['seconds with spaces around them', ' 5 ', 5_000],
  ['seconds with leading zeros', '007', 7_000],
  ['very many seconds', '999999999', 999_999_999_000],
  ['a date to come', 'Tue, 24 Nov 2026 10:02:00 GMT', 120_000],
  ['a date in the old form of RFC 850', 'Tuesday, 24-Nov-26 10:02:00 GMT', 120_000],
  ['this moment', 'Tue, 24 Nov 2026 10:00:00 GMT', 0],
  ['a date that has passed', 'Sun, 06 Nov 1994 08:49:37 GMT', 0],
  ['the first of several headers', ['3', '900'], 3_000],
])('%s is a wait', (_, header, expected) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(expected);
});

test.each([
  ['no header', undefined],
  ['null', null],
  ['a number that is no text', 120],
  ['an empty header', ''],
  ['an empty list of headers', []],
  ['a word', 'soon'],
  ['a negative number', '-5'],
  ['a fraction', '1.5'],
  ['a number with a unit', '10s'],
  ['more seconds than anybody means', '99999999999'],
  ['a date that is not an HTTP date', '2026-11-24T10:02:00Z'],
  ['a date that does not exist', 'Tue, 99 Nov 2026 10:02:00 GMT'],
  ['only the zone', 'GMT'],
])('%s is no wait', (_, header) => {
  expect(retryAfterMs(header, NOW_MS)).toBeUndefined();
});

test('no header throws, and every wait is a number of milliseconds that is not negative', () => {
  const headers = fc.oneof(
    fc.anything(),
    fc.string(),
    fc.nat().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.string().map((text) => `${text} GMT`),
  );
  fc.assert(
    fc.property(headers, (header) => {
      const wait = retryAfterMs(header, NOW_MS);
      expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true);
    }),
  );
});

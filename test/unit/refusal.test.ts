import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextTry } from '../../src/render/refusal.js';
import { PROBED_CAUSES } from '../../src/render/submission.js';

const DAY_MS = 86_400_000;
const PATIENCE_MS = 30 * DAY_MS;
type Refused = Parameters<typeof nextTry>[0];
const refused = (waitingFor: string, retryAfterMs?: number): Refused => ({
  end: 'refused',
  waitingFor,
  message: 'no',
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const GATEWAY = refused('the gateway in front of JSON2Video');

const after = (count: number, refusal = GATEWAY, waitedMs = 0, patienceMs = PATIENCE_MS) =>
  nextTry(refusal, { count, waitedMs, patienceMs });

test('nine waits grow from 1 s by doubling', () => {
  const waits = [1, 2, 3, 4, 5, 8, 9].map((count) => after(count));
  const delays = [1_000, 2_000, 4_000, 8_000, 16_000, 128_000, 256_000];
  expect(waits).toEqual(delays.map((delayMs) => ({ do: 'wait', delayMs })));
});

test.each([
  [1, 7_000, 7_000],
  [1, 0, 1_000],
  [4, 7_000, 8_000],
  [1, 299_999, 299_999],
  [1, 86_400_000, 300_000],
])('after refusal %i with a Retry-After of %i ms the wait is %i ms', (count, retryAfterMs, delayMs) => {
  expect(after(count, refused('the rate limit to pass', retryAfterMs))).toEqual({ do: 'wait', delayMs });
});

test.each(Object.values(PROBED_CAUSES))('after ten refusals "%s" is probed, until the twentieth', (cause) => {
  expect(after(9, refused(cause)).do).toBe('wait');
  for (const count of [10, 15, 20]) expect(after(count, refused(cause))).toEqual({ do: 'probe' });
  expect(after(21, refused(cause)).do).toBe('wait');
});

test('what no probe can tell backs off, doubling from 10 minutes to 12 h', () => {
  const delays = [10, 11, 12, 15, 16, 17].map((count) => after(count, GATEWAY, 0, 2 * DAY_MS));
  const minutes = [10, 20, 40, 320, 640, 720];
  for (const [index, next] of delays.entries()) {
    const slowestMs = (2 * DAY_MS) / (36 - [10, 11, 12, 15, 16, 17][index]!);
    expect(next).toEqual({ do: 'wait', delayMs: Math.max(minutes[index]! * 60_000, slowestMs) });
  }
});

test('the end of the patience ends the tries: no wait reaches beyond it', () => {
  expect(after(1, GATEWAY, 0, 0)).toEqual({ do: 'give up' });
  expect(after(5, GATEWAY, 3_590_000, 3_600_000)).toEqual({ do: 'give up' });
  expect(after(5, GATEWAY, 3_584_000, 3_600_000)).toEqual({ do: 'wait', delayMs: 16_000 });
});

test('in 30 days of refusals there are at most 60 submissions, and the last is in the last three days', () => {
  const causes = fc.constantFrom('the gateway in front of JSON2Video', ...Object.values(PROBED_CAUSES));
  fc.assert(
    fc.property(fc.array(causes, { minLength: 100, maxLength: 100 }), (reasons) => {
      let waitedMs = 0;
      let last = 0;
      for (let count = 1; ; count += 1) {
        const next = after(count, refused(reasons[count]!), waitedMs);
        if (next.do === 'give up') break;
        last = waitedMs;
        waitedMs += next.do === 'wait' ? next.delayMs : 300_000;
        expect(count).toBeLessThan(60);
      }
      expect(last).toBeGreaterThan(PATIENCE_MS - 3 * DAY_MS);
    }),
  );
});

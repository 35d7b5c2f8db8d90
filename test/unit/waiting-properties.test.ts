import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeReading, type Reading } from '../../src/render/reading.js';
import { type CheckPlan, firstDelayMs, nextCheck } from '../../src/render/waiting.js';
import { readings } from './readings.js';

interface Checked {
  readonly reading: Reading;
  readonly plan: CheckPlan;
  readonly made: Parameters<typeof nextCheck>[2];
}
type Next = typeof nextCheck;

const plans: fc.Arbitrary<CheckPlan> = fc.oneof(
  fc.record({
    for: fc.constant('watch' as const),
    pollSeconds: fc.oneof(fc.integer({ min: 5, max: 3_600 }), fc.double({ min: 5, max: 3_600, noNaN: true })),
    webhook: fc.boolean(),
  }),
  fc.constant({ for: 'hint' as const }),
  fc.record({
    for: fc.constant('suspect' as const),
    about: fc.constantFrom('error' as const, 'gone' as const, 'missing' as const),
    graceMs: fc.integer({ min: 10_000, max: 86_400_000 }),
  }),
);

const checks: fc.Arbitrary<Checked> = fc.record({
  reading: readings,
  plan: plans,
  made: fc.record({
    attempt: fc.integer({ min: 2, max: 1_000_000 }),
    elapsedMs: fc.oneof(fc.nat(120_000), fc.nat(7 * 86_400_000)),
  }),
});

/** The provider's floor; and the longest that anyone waits for a render that has ended. */
const FLOOR_MS = 5_000;
const longestMs = (plan: CheckPlan): number =>
  plan.for === 'watch' && !plan.webhook ? Math.max(plan.pollSeconds * 1_000, 300_000) : 300_000;

/** Rules for every repetition; the words say what breaks without one. */
const RULES: Readonly<Record<string, (checked: Checked, next: Next) => boolean>> = {
  'no repetition is sooner than the 5 s that the provider asks for': ({ reading, plan, made }, next) => {
    const check = next(reading, plan, made);
    return check.do === 'return' || check.afterMs >= FLOOR_MS;
  },
  'no repetition is later than 5 min, unless the caller polls more rarely': (checked, next) => {
    const check = next(checked.reading, checked.plan, checked.made);
    return check.do === 'return' || check.afterMs <= longestMs(checked.plan);
  },
  'done is returned at once by every kind of check': ({ reading, plan, made }, next) =>
    reading.says !== 'done' || next(reading, plan, made).do === 'return',
  'a suspect reading is returned at once, unless the check decides on it and its grace lasts': (
    checked,
    next,
  ) => {
    const { reading, plan, made } = checked;
    if (reading.says !== 'error' && reading.says !== 'gone' && reading.says !== 'missing') return true;
    const isDecided = plan.for === 'suspect' && plan.about === reading.says && made.elapsedMs < plan.graceMs;
    return next(reading, plan, made).do === (isDecided ? 'repeat' : 'return');
  },
  'a reply that says nothing of the render is never returned': ({ reading, plan, made }, next) =>
    reading.says !== 'unreadable' || next(reading, plan, made).do === 'repeat',
  'a repetition reports the words of the provider': ({ reading, plan, made }, next) => {
    const check = next(reading, plan, made);
    return check.do === 'return' || check.message === describeReading(reading);
  },
};

const breaks = (rule: (checked: Checked, next: Next) => boolean, next: Next): boolean =>
  fc.check(
    fc.property(checks, (checked) => rule(checked, next)),
    { numRuns: 2_000 },
  ).failed;

describe('over arbitrary readings, plans and attempts', () => {
  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(breaks(rule, nextCheck)).toBe(false);
  });

  test('the first request is neither sooner nor later than a repetition may be', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(firstDelayMs(plan)).toBeGreaterThanOrEqual(FLOOR_MS);
        expect(firstDelayMs(plan)).toBeLessThanOrEqual(longestMs(plan));
      }),
    );
  });

  const repeat = (afterMs: number, message: string) => ({ do: 'repeat', afterMs, message }) as const;
  const planted: readonly [keyof typeof RULES, string, Next][] = [
    [
      'no repetition is sooner than the 5 s that the provider asks for',
      'that takes Retry-After at its word',
      (reading, plan, made) =>
        reading.says === 'unreadable' && reading.retryAfterMs !== undefined
          ? repeat(Math.min(reading.retryAfterMs, made.attempt), reading.message)
          : nextCheck(reading, plan, made),
    ],
    [
      'no repetition is later than 5 min, unless the caller polls more rarely',
      'that doubles without end',
      (reading, plan, made) =>
        reading.says === 'rendering' && plan.for === 'watch' && plan.webhook
          ? repeat(60_000 * 2 ** Math.min(made.attempt, 40), describeReading(reading))
          : nextCheck(reading, plan, made),
    ],
    [
      'done is returned at once by every kind of check',
      'that waits for the end of a grace',
      (reading, plan, made) =>
        plan.for === 'suspect' && made.elapsedMs < plan.graceMs
          ? repeat(5_000, describeReading(reading))
          : nextCheck(reading, plan, made),
    ],
    [
      'a suspect reading is returned at once, unless the check decides on it and its grace lasts',
      'that takes one suspect reading for another',
      (reading, plan, made) =>
        plan.for === 'suspect' && reading.says === 'gone' && made.elapsedMs < plan.graceMs
          ? repeat(5_000, describeReading(reading))
          : nextCheck(reading, plan, made),
    ],
    [
      'a reply that says nothing of the render is never returned',
      'that ends a grace with any reading',
      (reading, plan, made) =>
        plan.for === 'suspect' && made.elapsedMs >= plan.graceMs
          ? { do: 'return' }
          : nextCheck(reading, plan, made),
    ],
    [
      'a repetition reports the words of the provider',
      'that throws if the progress is no number',
      (reading, plan, made) => {
        if (reading.says === 'rendering' && reading.progressPercent === undefined) throw new TypeError('NaN');
        return nextCheck(reading, plan, made);
      },
    ],
  ];
  test.each(planted)('"%s" catches a table %s', (name, _, next) => {
    const rule = RULES[name];
    expect(rule && breaks(rule, next)).toBe(true);
  });
});

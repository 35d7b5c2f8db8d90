import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reading } from '../../src/render/reading.js';
import { stepWait } from '../../src/render/wait-machine.js';
import { SAYS, VIDEO } from './readings.js';
import { BROKEN_STEPS, NEVER_BELIEVING } from './wait-broken-steps.js';
import type { Rule } from './wait-rules.js';
import { type StepWait, WaitSimulator } from './wait-simulator.js';

type Move = (wait: WaitSimulator) => void;

const waits = fc.constantFrom(5_000, 60_000, 600_000);
const OTHER_DONE: Reading = { says: 'done', video: { ...VIDEO, url: 'https://assets.json2video.com/2.mp4' } };

/** One of the pending checks makes a request and reads the provider's present status. */
const attempts = fc.tuple(fc.nat(9), waits).map(
  ([nth, afterMs]): Move =>
    (wait) =>
      wait.attempt(wait.nth(nth), afterMs),
);
const losses = fc.nat(9).map(
  (nth): Move =>
    (wait) =>
      wait.lose(wait.nth(nth)),
);
const hints = fc.constant<Move>((wait) => wait.tell({ type: 'hinted' }));
const progress = fc.constant<Move>((wait) => wait.providerGoesOn());

/** The same, of a provider that may say anything at any time, as if replies overtook each other. */
const surprises = fc.tuple(fc.nat(9), waits, fc.constantFrom(...Object.values(SAYS), OTHER_DONE)).map(
  ([nth, afterMs, reading]): Move =>
    (wait) =>
      wait.attempt(wait.nth(nth), afterMs, reading),
);
const ends = fc.constantFrom<Move>(
  (wait) => wait.timeIsUp(),
  (wait) => wait.tell({ type: 'cancelled' }),
);

const sequences = fc.array(
  fc.oneof(
    { arbitrary: surprises, weight: 8 },
    { arbitrary: hints, weight: 4 },
    { arbitrary: losses, weight: 2 },
    { arbitrary: ends, weight: 1 },
  ),
  { maxLength: 40 },
);

function brokenRules(moves: readonly Move[], step: StepWait): ReadonlySet<Rule> {
  const wait = new WaitSimulator(step, [SAYS.rendering]);
  for (const move of moves) move(wait);
  return wait.broken;
}

describe('hints, readings, failed checks, cancel and deadline in any order and number', () => {
  test('break no rule', () => {
    const whole = fc.property(sequences, (moves) => {
      expect([...brokenRules(moves, stepWait)]).toEqual([]);
    });
    fc.assert(whole, { numRuns: 3_000 });
  });

  test.each(BROKEN_STEPS)('break "%s" in a machine %s', (rule, _, step) => {
    const whole = fc.property(sequences, (moves) => !brokenRules(moves, step).has(rule));
    expect(fc.check(whole, { numRuns: 3_000 })).toMatchObject({ failed: true });
  });
});

/** A lasting status of the provider, and the ending that it must lead to after any history. */
const lastWords = fc.constantFrom<readonly [Reading, string]>(
  [SAYS.done, 'done'],
  [SAYS.error, 'failed'],
  [SAYS.gone, 'failed'],
  [SAYS.missing, 'failed'],
);
const passing = fc.array(fc.constantFrom(...Object.values(SAYS).filter(({ says }) => says !== 'done')), {
  maxLength: 4,
});
const unhurried = fc.array(fc.oneof(attempts, hints, losses, progress), { maxLength: 40 });

describe('a render with time left', () => {
  /** The provider's last status counts after any earlier readings and losses. */
  const isTrue = (step: StepWait) =>
    fc.property(passing, lastWords, unhurried, (first, [last, expected], moves) => {
      const wait = new WaitSimulator(step, [...first, last]);
      for (const move of moves) move(wait);
      const early = wait.ending;
      const ending = wait.goOn();
      // A suspect may have lasted before the provider changed its mind; that ending stays.
      expect(ending?.status).toBe(early?.status === 'failed' ? 'failed' : expected);
      expect([...wait.broken]).toEqual([]);
    });

  test('ends as the provider says in the end, with no state in which nothing goes on', () => {
    expect(() => fc.assert(isTrue(stepWait), { numRuns: 1_000 })).not.toThrow();
  });

  test('is seen never to end in a machine that believes no suspect reading', () => {
    expect(fc.check(isTrue(NEVER_BELIEVING))).toMatchObject({ failed: true });
  });
});

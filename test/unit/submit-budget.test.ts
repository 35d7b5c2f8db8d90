import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { submitBudget } from '../../src/render/submit-budget.js';

type SubmitBudget = ReturnType<typeof submitBudget>;
type Plan = (startToCloseMs: number) => SubmitBudget;

/** Rules for every division of an attempt's time; the words say what breaks without one. */
const RULES: Readonly<Record<string, (budget: SubmitBudget, startToCloseMs: number) => boolean>> = {
  'every part has time': (budget) => Object.values(budget).every((part) => part > 0),
  'the reply is over before the engine ends the attempt': (budget, totalMs) => budget.latestReplyMs < totalMs,
  'bytes may begin after the slowest preparation, connect and fence': (budget) =>
    budget.latestBeginMs > budget.preparationMs + budget.connectMs + budget.engineCallMs,
  'the heartbeat timeout is longer than everything before the fence': (budget) =>
    budget.heartbeatMs > budget.preparationMs + budget.connectMs + budget.engineCallMs,
  'the heartbeat timeout is longer than the time in which bytes may begin': (budget) =>
    budget.heartbeatMs > budget.latestBeginMs,
  'the heartbeat timeout is not longer than the attempt': (budget, totalMs) => budget.heartbeatMs <= totalMs,
  'the preparation has 30 % of the attempt, up to 20 s': (budget, totalMs) =>
    budget.preparationMs === Math.min(20_000, totalMs * 0.3),
  'the reply of a request that begins as late as it may gets at least 30 % of the attempt': (
    budget,
    totalMs,
  ) => budget.latestReplyMs - budget.latestBeginMs >= totalMs * 0.29,
};

const breaks = (rule: (budget: SubmitBudget, totalMs: number) => boolean, plan: Plan): boolean =>
  fc.check(
    fc.property(fc.integer({ min: 10_000, max: 600_000 }), (totalMs) => rule(plan(totalMs), totalMs)),
    { numRuns: 1_000, examples: [[10_000], [90_000], [600_000]] },
  ).failed;

describe('for every start-to-close timeout from 10 s to 600 s', () => {
  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(breaks(rule, submitBudget)).toBe(false);
  });

  const fixed: Plan = () => ({
    preparationMs: 20_000,
    engineCallMs: 5_000,
    connectMs: 10_000,
    latestReplyMs: 80_000,
    latestBeginMs: 35_000,
    heartbeatMs: 35_000,
  });
  const broken = Object.keys(RULES).filter((name) => !/^every part|30 % of the attempt$/.test(name));
  test.each(broken)('"%s" catches timeouts that do not follow from the attempt’s', (name) => {
    const rule = RULES[name];
    expect(rule && breaks(rule, fixed)).toBe(true);
  });
});

test('the default attempt of 90 s has these parts', () => {
  expect(submitBudget(90_000)).toEqual({
    preparationMs: 20_000,
    connectMs: 10_000,
    engineCallMs: 5_000,
    latestBeginMs: 37_500,
    latestReplyMs: 87_500,
    heartbeatMs: 42_500,
  });
});

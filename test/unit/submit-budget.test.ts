import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { submitBudget, type SubmitBudget } from '../../src/render/submit-budget.js';

type Plan = (startToCloseMs: number) => SubmitBudget;

/** Rules for every division of an attempt's time; the words say what breaks without one. */
const RULES: Readonly<Record<string, (budget: SubmitBudget, startToCloseMs: number) => boolean>> = {
  'every part has time': (budget) => Object.values(budget).every((part) => part > 0),
  'engine call, connect, engine call, reply and a margin fit into the attempt': (budget, totalMs) =>
    2 * budget.engineCallMs + budget.connectMs + budget.replyMs < totalMs,
  'an attempt that begins as late as it may still ends before the engine ends it': (budget, totalMs) =>
    budget.latestBeginMs + budget.replyMs < totalMs,
  'bytes may begin after the slowest engine calls and connect': (budget) =>
    budget.latestBeginMs > 2 * budget.engineCallMs + budget.connectMs,
  'the heartbeat timeout is longer than everything before the fence': (budget) =>
    budget.heartbeatMs > 2 * budget.engineCallMs + budget.connectMs,
  'the heartbeat timeout is longer than the time in which bytes may begin': (budget) =>
    budget.heartbeatMs > budget.latestBeginMs,
  'the heartbeat timeout is not longer than the attempt': (budget, totalMs) => budget.heartbeatMs <= totalMs,
  'the reply gets at least two fifths of the attempt': (budget, totalMs) => budget.replyMs >= totalMs * 0.4,
};

const breaks = (rule: (budget: SubmitBudget, totalMs: number) => boolean, plan: Plan): boolean =>
  fc.check(
    fc.property(fc.integer({ min: 5_000, max: 600_000 }), (totalMs) => rule(plan(totalMs), totalMs)),
    { numRuns: 1_000, examples: [[5_000], [90_000], [600_000]] },
  ).failed;

describe('for every start-to-close timeout from 5 s to 600 s', () => {
  test.each(Object.entries(RULES))('%s', (_, rule) => {
    expect(breaks(rule, submitBudget)).toBe(false);
  });

  const fixed: Plan = () => ({
    engineCallMs: 5_000,
    connectMs: 10_000,
    replyMs: 60_000,
    latestBeginMs: 20_000,
    heartbeatMs: 15_000,
  });
  const broken = Object.keys(RULES).filter((name) => !/^every part|two fifths/.test(name));
  test.each(broken)('"%s" catches timeouts that do not follow from the attempt’s', (name) => {
    const rule = RULES[name];
    expect(rule && breaks(rule, fixed)).toBe(true);
  });
});

test('the default attempt of 90 s has these parts', () => {
  expect(submitBudget(90_000)).toEqual({
    engineCallMs: 5_000,
    connectMs: 10_000,
    replyMs: 65_000,
    latestBeginMs: 22_500,
    heartbeatMs: 27_500,
  });
});

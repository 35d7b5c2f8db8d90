import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeDecision, isSameDecision, parseDecision, parseTaken } from '../../src/render/decision.js';

const SIGNED = { by: 'anna', why: 'seen' };

test('a decision of another kind, without a name or without a reason is refused with the fault', () => {
  const check = fc.check(
    fc.property(fc.anything(), (given) => {
      const parsed = parseDecision(given);
      return typeof parsed === 'string'
        ? parsed !== ''
        : ['adopt', 'resubmit', 'abandon'].includes(parsed.action);
    }),
    { numRuns: 10_000 },
  );

  expect(check.counterexample).toBeNull();
});

test.each([
  [{ action: 'adopt', project: 'P', force: true, ...SIGNED }],
  [{ action: 'resubmit', ...SIGNED }],
  [{ action: 'abandon', ...SIGNED }],
])('a fit decision is taken as it is: %j', (decision) => {
  expect(parseDecision(decision)).toEqual(decision);
  expect(parseTaken({ ...decision, at: '2026-11-24T10:00:00Z' })).toMatchObject(decision);
  expect(parseTaken(decision)).toBeUndefined();
});

test.each([
  [{ action: 'adopt', project: 'two words', ...SIGNED }],
  [{ action: 'adopt', project: 'p'.repeat(65), ...SIGNED }],
  [{ action: 'resubmit', project: 'P', ...SIGNED }],
  [{ action: 'resubmit', force: 'yes', ...SIGNED }],
])('an unfit decision is refused: %j', (decision) => {
  expect(parseDecision(decision)).toBeTypeOf('string');
});

test('names and reasons of any length are kept short, on one line', () => {
  const parsed = parseDecision({ action: 'abandon', by: 'b'.repeat(500), why: `w\n${'w'.repeat(900)}` });
  if (typeof parsed === 'string') throw new Error(parsed);
  expect(parsed.by.length).toBeLessThanOrEqual(100);
  expect(parsed.why.length).toBeLessThanOrEqual(300);
  expect(describeDecision({ ...parsed, at: '2026-11-24T10:00:00Z' }).length).toBeLessThanOrEqual(300);
});

test('another person does not make another decision; another action or project does', () => {
  const one = { action: 'adopt', project: 'P', ...SIGNED } as const;
  expect(isSameDecision(one, { ...one, by: 'bert', why: 'too', force: true })).toBe(true);
  expect(isSameDecision(one, { ...one, project: 'Q' })).toBe(false);
  expect(isSameDecision(one, { action: 'abandon', ...SIGNED })).toBe(false);
});

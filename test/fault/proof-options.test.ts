import { expect, test } from 'vitest';
import { proofOptions } from './proof-options.js';

test('the options of the proof are numbers, with defaults', () => {
  const defaults = { minutes: 10, seed: expect.any(Number), lanes: 4, random: false, resume: false };
  expect(proofOptions([])).toEqual(defaults);
  expect(proofOptions(['--minutes', '0.5', '--seed', '7', '--cell', '3', '--lanes', '1'])).toEqual({
    minutes: 0.5,
    seed: 7,
    cell: 3,
    lanes: 1,
    random: false,
    resume: false,
  });
  expect(proofOptions(['--random', '--keys', '60', '--seed', '7', '--only', 's7-p2-k31'])).toEqual({
    ...defaults,
    seed: 7,
    random: true,
    keys: 60,
    only: 's7-p2-k31',
  });
});

test('a proof that goes on has no end but its keys, unless minutes are given', () => {
  expect(proofOptions(['--resume', '--keys', '30000'])).toMatchObject({
    resume: true,
    keys: 30_000,
    minutes: Infinity,
  });
  expect(proofOptions(['--resume', '--minutes', '60'])).toMatchObject({ resume: true, minutes: 60 });
});

test.each([
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['--minutes', 'ten'], /at minutes/],
  [['--minutes', '0'], /at minutes/],
  [['--seed', '1.5'], /at seed/],
  [['--cell', '0'], /at cell/],
  [['--budget-leak', '0'], /at .*budget-leak/],
  [['--engine-kills', '0'], /at .*engine-kills/],
  [['--event-storm', '0'], /at .*event-storm/],
  [['--lanes', ''], /at lanes/],
  [['--keys', '0'], /at keys/],
  [['--resume=yes'], /'--resume' does not take an argument/],
  [['--only', 'order-1'], /at only/],
  [['60'], /Unexpected argument '60'/],
])('what is mistyped, %j, is told with the usage', (args, fault) => {
  expect(proofOptions(args)).toMatch(fault);
  expect(proofOptions(args)).toMatch(/\nusage: npm run proof -- \[--minutes N\]/);
});

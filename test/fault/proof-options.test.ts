import { expect, test } from 'vitest';
import { proofOptions } from './proof-options.js';

test('the options of the proof are numbers, with defaults', () => {
  expect(proofOptions([])).toEqual({ minutes: 10, seed: expect.any(Number), lanes: 4 });
  expect(proofOptions(['--minutes', '0.5', '--seed', '7', '--cell', '3', '--lanes', '1'])).toEqual({
    minutes: 0.5,
    seed: 7,
    cell: 3,
    lanes: 1,
  });
});

test.each([
  [['--nonsense'], /Unknown option '--nonsense'/],
  [['--minutes', 'ten'], /at minutes/],
  [['--minutes', '0'], /at minutes/],
  [['--seed', '1.5'], /at seed/],
  [['--cell', '0'], /at cell/],
  [['--lanes', ''], /at lanes/],
  [['60'], /Unexpected argument '60'/],
])('what is mistyped, %j, is told with the usage', (args, fault) => {
  expect(proofOptions(args)).toMatch(fault);
  expect(proofOptions(args)).toMatch(/\nusage: npm run proof -- \[--minutes N\]/);
});

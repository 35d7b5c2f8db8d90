import { expect, test } from 'vitest';
import { MODES } from './cell.js';
import { drawCell } from './draw.js';
import { ALL_KINDS, kindsOf, type Strikes } from './kinds.js';
import { Plan } from './plan.js';

const everyKind = (strikes: number): Strikes => Object.fromEntries(ALL_KINDS.map((kind) => [kind, strikes]));

test('while a kind is rare every third cell is the next one, and a number names its cell whatever was passed over', () => {
  const plan = new Plan(7, () => rare(['list: 408']));
  const numbers = Array.from({ length: 7 }, () => {
    const { number, cell } = plan.next();
    expect(cell).toEqual(drawCell(7, number));
    return number;
  });

  expect([numbers[0], numbers[3], numbers[6]]).toEqual([1, 82, 163]);
  expect(numbers.toSorted((one, other) => one - other)).toEqual(numbers);
});

test('once each kind has struck enough keys, each cell is the next one', () => {
  const plan = new Plan(7, () => everyKind(30));
  expect(Array.from({ length: 4 }, () => plan.next().number)).toEqual([1, 2, 3, 4]);
});

/** Draws so many cells, of which `lanes` are under way at once, and counts the chosen ones that can strike these kinds. */
function countChosen(plan: Plan, cells: number, lanes: number, kinds: readonly string[]): number {
  const drawn: ReturnType<Plan['next']>['cell'][] = [];
  for (let index = 0; index < cells; index += 1) {
    drawn.push(plan.next().cell);
    const ended = drawn[index - lanes];
    if (ended !== undefined) plan.ended(ended);
  }
  return drawn.filter((cell, index) => index % 3 !== 0 && kinds.some((kind) => kind in kindsOf(cell))).length;
}

const rare = (kinds: readonly string[]): Strikes => ({
  ...everyKind(60),
  ...Object.fromEntries(kinds.map((kind) => [kind, 0])),
});

test('the chosen cells strike what was struck least', () => {
  const kinds = ['list: 408'];

  // About 3 of 100 drawn cells can, so that most choices have one of them.
  expect(countChosen(new Plan(7, () => rare(kinds)), 100, 1, kinds)).toBeGreaterThan(20);
  expect(countChosen(new Plan(7, () => everyKind(100)), 100, 1, kinds)).toBeLessThan(8);
});

test('a kind that is under way in another lane counts as struck, and what the machine lacks is not chosen', () => {
  const crashes = MODES.map((mode) => `poll waiting ${mode}`);
  const events = Object.keys(kindsOf({ kind: 'event kills' }));
  const without = new Plan(7, () => rare([...events, 'list: 408']));
  without.leaveOut({ kind: 'event kills' });

  // Each of the three counts as struck 36 times, once it is chosen.
  expect(countChosen(new Plan(7, () => rare(crashes)), 60, 60, crashes)).toBeLessThan(10);
  expect(countChosen(new Plan(7, () => rare(crashes)), 60, 1, crashes)).toBeGreaterThan(20);
  expect(countChosen(new Plan(7, () => rare(events)), 60, 1, events)).toBeGreaterThan(4);
  expect(countChosen(without, 60, 1, events)).toBe(0);
});

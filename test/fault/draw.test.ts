import { expect, test } from 'vitest';
import { CASES, drawCases, MODES, POINTS } from './cell.js';
import { isDeck } from './decks/deck.js';
import { drawCell } from './draw.js';
import { RECOVERIES } from './pairs.js';
import { seededRandom } from '../support/random.js';

const CELLS = Array.from({ length: 2_000 }, (_, number) => drawCell(7, number));

/** Kinds of cells on the stage that all share. */
const OWN_KINDS = new Set(['crash', 'http', 'callers', 'receiver', 'engine']);

test('a seed and a number name one cell for ever', () => {
  expect(CELLS.slice(0, 50)).toEqual(Array.from({ length: 50 }, (_, number) => drawCell(7, number)));
  expect(drawCell(8, 1)).not.toEqual(drawCell(7, 1));
});

test('every kind of cell, every crash by every mode and every pair is drawn', () => {
  const crashes = CELLS.flatMap((cell) => (cell.kind === 'crash' ? [cell] : []));
  const singles = crashes.filter(({ second }) => second === undefined);
  const pairs = crashes.filter(({ second }) => second !== undefined);

  expect(new Set(CELLS.map(({ kind }) => kind)).size).toBe(12);
  expect(CELLS.filter(isDeck)).toHaveLength(CELLS.filter(({ kind }) => !OWN_KINDS.has(kind)).length);
  expect(new Set(singles.map(({ point, mode }) => `${point} ${mode}`)).size).toBe(
    POINTS.length * MODES.length,
  );
  expect(new Set(pairs.map(({ point, second }) => `${point}, ${second?.point}`)).size).toBe(
    RECOVERIES.flatMap(({ to }) => to).length,
  );
});

test('callers over HTTP and of the library are drawn for races, for crashes and for pairs', () => {
  const asked = CELLS.flatMap((cell) => {
    if (cell.kind === 'callers') return [`race ${cell.via}`];
    if (cell.kind !== 'crash') return [];
    return [`${cell.second === undefined ? 'crash' : 'pair'} ${cell.via}`];
  });
  expect(new Set(asked)).toEqual(
    new Set(['race', 'crash', 'pair'].flatMap((kind) => [`${kind} http`, `${kind} undefined`])),
  );
});

test('however few cases are drawn, every wait and every outcome is among them', () => {
  for (let seed = 0; seed < 100; seed += 1) {
    const cases = drawCases(seededRandom(seed), 3);
    expect(new Set(cases.map(({ wait }) => wait)).size).toBe(3);
    expect(new Set(cases.map(({ outcome }) => outcome)).size).toBe(3);
  }
  expect(CASES).toHaveLength(18);
});

test('most crashes strike 36 keys, each case at least once; where fewer are struck at once, 18 or 6', () => {
  const crashes = CELLS.flatMap((cell) => (cell.kind === 'crash' ? [cell] : []));
  const sizes = new Map(
    crashes.map(({ point, cases, second }) => [second === undefined ? point : '', cases]),
  );

  expect(new Set(crashes.map(({ cases }) => cases.length))).toEqual(new Set([6, 18, 36]));
  expect(sizes.get('sent, not accepted')).toHaveLength(36);
  expect(new Set(sizes.get('sent, not accepted')?.map((each) => JSON.stringify(each))).size).toBe(
    CASES.length,
  );
  expect(sizes.get('fence passed')).toHaveLength(18);
  expect(sizes.get('result computed')).toHaveLength(6);
});

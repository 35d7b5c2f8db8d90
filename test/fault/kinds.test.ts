import { expect, test } from 'vitest';
import type { Deck } from './decks/deck.js';
import {
  ofBudgets,
  ofEngineKills,
  ofEventKills,
  ofKeepKills,
  ofRandom,
  ofUpKills,
  ofVersionKills,
} from './decks/outcomes.js';
import { drawCell } from './draw.js';
import { ALL_KINDS, kindsOf } from './kinds.js';
import type { Outcome } from './report/outcome.js';
import { readPieces } from './report/piece.js';
import { strikesOf, sumOfTrials } from './report/promises.js';

const named = (kinds: object): readonly string[] => Object.keys(kinds).toSorted();

test('the kinds of all drawn cells are all kinds that are known, and no others', () => {
  const drawn = Array.from({ length: 2_000 }, (_, number) => kindsOf(drawCell(7, number)));

  expect(named(Object.assign({}, ...drawn))).toEqual([...ALL_KINDS].toSorted());
});

test('every kind that the published pieces report is known', () => {
  const struck = strikesOf(sumOfTrials(readPieces().map(({ promises }) => promises)));

  expect(named(struck).length).toBeGreaterThan(100);
  expect(named(struck).filter((kind) => !ALL_KINDS.includes(kind))).toEqual([]);
});

const UP = { worker: 1, server: 1, engine: 1, guard: 1, provider: 1, up: 1 };
const SEED = { seed: 1, rounds: 6 };
const NOTHING = { keys: 1, acknowledged: 1, open: 0, inFlight: 0, violations: [] };
const SEEN = [{ key: 'k', nature: 'calm', accepted: [], done: [], ended: {}, signs: [] }] as const;

test.each<readonly [Deck, Outcome]>([
  [{ kind: 'engine kills', ...SEED }, ofEngineKills(6, NOTHING)],
  [{ kind: 'up kills', ...SEED }, ofUpKills({ ...NOTHING, kills: UP })],
  [{ kind: 'version kills', ...SEED }, ofVersionKills({ ...NOTHING, kills: { shared: 3, rolled: 3 } })],
  [{ kind: 'event kills' }, ofEventKills(1, [])],
  [{ kind: 'event kills', keysOfEach: 6 }, ofEventKills(6, [])],
  [{ kind: 'keep kills' }, ofKeepKills(1, [])],
  [
    { kind: 'budget crowd', seed: 1 },
    ofBudgets({ budgets: 2, kills: 30, keys: 1, accepted: 1, violations: [] }),
  ],
  [{ kind: 'random', seed: 1, providers: 3, onDisk: true }, ofRandom(true, { seen: SEEN, violations: [] })],
  [{ kind: 'random', seed: 1, providers: 3, onDisk: false }, ofRandom(false, { seen: SEEN, violations: [] })],
])('the kinds that are foretold of a deck are those that it reports: %o', (deck, { promises }) => {
  expect(named(kindsOf(deck))).toEqual(named(strikesOf(promises)));
});

test('the strikes that are foretold of points are those that are reported', () => {
  const events: Deck = { kind: 'event kills', keysOfEach: 6 };
  const kept: Deck = { kind: 'keep kills', keysOfEach: 2 };

  expect(kindsOf(events)).toEqual(strikesOf(ofEventKills(6, []).promises));
  expect(kindsOf(kept)).toEqual(strikesOf(ofKeepKills(2, []).promises));
});

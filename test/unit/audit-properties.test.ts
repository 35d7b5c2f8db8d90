import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RenderState } from '../../src/render/state.js';
import { findingsIn, knownRuns, type ListedMovie, NAMESPACE, runOf } from './audited.js';

const key = fc.constantFrom('a', 'b', 'c');
const mark = fc.record({ key, namespace: fc.constantFrom(NAMESPACE, 'other') });
const movie = fc.record(
  {
    project: fc.string({ minLength: 1, maxLength: 3 }),
    createdAt: fc.constantFrom(null, '2026-10-01T00:00:00Z', '2026-11-20T00:00:00Z'),
    status: fc.constantFrom('done', 'running'),
    credits: fc.option(fc.nat(100)),
    mark,
  },
  { requiredKeys: ['project', 'createdAt', 'status', 'credits'] },
);
const movies = fc.uniqueArray(movie, { selector: ({ project }) => project, maxLength: 12 });
const run = fc.record({
  key,
  state: fc.constantFrom('held', 'done', 'submitting' as const),
  owns: fc.nat(11),
});

function knownFrom(
  list: readonly ListedMovie[],
  runs: readonly { key: string; state: RenderState; owns: number }[],
) {
  return knownRuns(...runs.map(({ key: of, state, owns }) => runOf(of, state, list[owns]?.project)));
}

test('every movie stands in exactly one place, and so does its price', () => {
  fc.assert(
    fc.property(movies, fc.array(run), (list, runs) => {
      const report = findingsIn(list, knownFrom(list, runs));
      const { duplicates, orphans, unmarked, underway, forgotten, sound, elsewhere } = report;
      const findings = [...duplicates, ...orphans].map(({ movies: of, price }) => ({
        count: of.length,
        price,
      }));
      const places = [...findings, unmarked, underway, forgotten, sound, ...elsewhere];
      const sum = (of: readonly number[]): number => of.reduce((total, each) => total + each, 0);
      expect(sum(places.map(({ count }) => count))).toBe(list.length);
      expect(sum(places.map(({ price }) => price.credits))).toBe(
        sum(list.map(({ credits }) => credits ?? 0)),
      );
    }),
  );
});

test('the order of the list does not change the findings', () => {
  fc.assert(
    fc.property(movies, fc.array(run), (list, runs) => {
      const known = knownFrom(list, runs);
      const sorted = list.toSorted((a, b) => (a.project < b.project ? 1 : -1));
      const one = findingsIn(list, known);
      const other = findingsIn(sorted, known);
      const byKey = <T extends { readonly key: string }>(of: readonly T[]): T[] =>
        of.toSorted((a, b) => a.key.localeCompare(b.key));
      expect(byKey(other.duplicates)).toEqual(byKey(one.duplicates));
      expect(byKey(other.orphans)).toEqual(byKey(one.orphans));
      expect(other.unmarked).toEqual(one.unmarked);
    }),
  );
});

test('the duplicates are the keys of this namespace with more than one movie', () => {
  fc.assert(
    fc.property(movies, fc.array(run), (list, runs) => {
      const ours = list.flatMap(({ mark: of }) => (of?.namespace === NAMESPACE ? [of.key] : []));
      const twice = new Set(ours.filter((each, index) => ours.indexOf(each) !== index));
      const { duplicates } = findingsIn(list, knownFrom(list, runs));
      expect(new Set(duplicates.map((each) => each.key))).toEqual(twice);
    }),
  );
});

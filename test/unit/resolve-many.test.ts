import { afterEach, expect, test, vi } from 'vitest';
import { resolveMany } from '../../src/cli/commands/resolve-many.js';
import { createOutput } from '../../src/cli/print/output.js';
import { DecisionRefused } from '../../src/render/errors.js';
import type { Renders } from '../../src/starter.js';
import type { ListFilter } from '../../src/starter/list.js';

const TERMS = { choice: 'resubmit', state: 'held', by: 'anna', why: 'the outage is over' } as const;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Renders of which one refuses its decision; it records what it was asked. */
function rendersOf(keys: readonly string[]): { renders: Renders; asked: unknown[] } {
  const asked: unknown[] = [];
  const renders = {
    async *list(filter: ListFilter) {
      asked.push(filter);
      yield* keys.map((key) => ({ key, state: 'held', startedAt: '' }));
    },
    async resolve(key: string, choice: string, terms: object) {
      asked.push([key, choice, terms]);
      if (key === 'early') throw new DecisionRefused('it is too early', { key });
      return { key, message: 'is sent again now' };
    },
  };
  return { renders: renders as unknown as Renders, asked };
}

const SINCE = new Date('2026-11-01');

test('all renders of a state are decided the same, after the list was shown, and each refusal is reported', async () => {
  const { renders, asked } = rendersOf(['a', 'early', 'b']);
  const notes = vi.spyOn(console, 'error').mockReturnValue();
  const results = vi.spyOn(console, 'log').mockReturnValue();
  const code = await resolveMany(renders, { ...TERMS, since: SINCE, yes: true }, createOutput(false));

  expect(code).toBe(1);
  expect(notes.mock.calls).toEqual([['  a: held\n  early: held\n  b: held']]);
  const signed = { by: TERMS.by, why: TERMS.why, force: undefined };
  expect(asked).toEqual([
    { state: 'held', since: SINCE },
    ...['a', 'early', 'b'].map((key) => [key, 'resubmit', signed]),
  ]);
  expect(results.mock.calls).toEqual([
    ['2 of 3 renders: resubmit was decided\n  early: DecisionRefused: it is too early'],
  ]);
});

test('as JSON it is one document', async () => {
  const { renders } = rendersOf(['a', 'early']);
  const results = vi.spyOn(console, 'log').mockReturnValue();
  expect(await resolveMany(renders, { ...TERMS, yes: true }, createOutput(true))).toBe(1);
  expect(JSON.parse(String(results.mock.calls[0]?.[0]))).toEqual({
    state: 'held',
    matched: 2,
    decided: 1,
    decisions: [{ key: 'a', message: 'is sent again now' }],
    failures: [{ key: 'early', code: 'DecisionRefused', message: 'it is too early' }],
  });
});

test('nothing to decide is no failure', async () => {
  const { renders } = rendersOf([]);
  vi.spyOn(console, 'log').mockReturnValue();
  expect(await resolveMany(renders, { ...TERMS, yes: true }, createOutput(true))).toBe(0);
});

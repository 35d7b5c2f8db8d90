import { describe, expect, test } from 'vitest';
import type { Answer } from './callers.js';
import type { CellKey } from './aim.js';
import { checkCell, checkRun, type Observed, type Sighting } from './check.js';
import { wrongAnswers } from './run-callers.js';

const KEY: CellKey = { key: 'k', wait: 'poll', outcome: 'done', resubmissions: 1 };
const told = (what: string, project?: string): Answer => ({ key: 'k', told: what, project, atMs: 0 });
const done: Observed = {
  key: KEY,
  accepted: [{ project: 'p1', ended: 'done' }],
  answers: [told('done', 'p1')],
  wasUnknown: false,
};
const held: Observed = { ...done, key: { ...KEY, resubmissions: 0 }, accepted: [], answers: [told('held')] };

const sighting = (observed: Observed, more: Partial<Sighting> = {}): Sighting => ({
  observed: [observed],
  fired: { 'sent kill': ['k'] },
  left: [],
  unexpected: [],
  ...more,
});

describe('the checker passes', () => {
  test.each([
    ['a key that is paid once and told as it is', done],
    [
      'a render that failed',
      { ...done, accepted: [{ project: 'p1', ended: 'error' }], answers: [told('failed', 'p1')] },
    ],
    ['a key that is held where a person is to decide', held],
    [
      'a movie that is refused for good',
      { ...held, key: { ...KEY, isRejected: true }, answers: [told('MovieRejected')] },
    ],
  ] satisfies [string, Observed][])('%s', (_what, observed) => {
    expect(checkCell(sighting(observed))).toEqual([]);
  });
});

describe('the checker catches', () => {
  const twice: Observed = { ...done, accepted: [...done.accepted, { project: 'p2', ended: 'done' }] };
  test.each([
    ['safety', 'a key that is paid twice', twice, {}],
    ['liveness', 'a key of which nobody was told', { ...done, answers: [] }, {}],
    ['liveness', 'a key that is held although it may be sent again', { ...held, key: KEY }, {}],
    ['agreement', 'a key that is held although it was paid for', { ...held, accepted: done.accepted }, {}],
    ['agreement', 'another end than the provider says', { ...done, answers: [told('failed', 'p1')] }, {}],
    ['agreement', 'another project', { ...done, answers: [told('done', 'p2')] }, {}],
    [
      'agreement',
      'one of two callers told otherwise',
      { ...done, answers: [told('done', 'p1'), told('bug')] },
      {},
    ],
    ['agreement', 'an outcome of what nobody accepted', { ...done, accepted: [] }, {}],
    ['agreement', 'a rejection of a good movie', { ...held, answers: [told('MovieRejected')] }, {}],
    ['hygiene', 'a process that stays', done, { left: ['process 7'] }],
    ['vacuity', 'a fault that never happened', done, { fired: { 'sent kill': [] } }],
    ['class', "what the cell's own rules found", done, { unexpected: [{ rule: 'class', what: 'x' }] }],
  ] satisfies [string, string, Observed, Partial<Sighting>][])('by %s: %s', (rule, _what, observed, more) => {
    expect(checkCell(sighting(observed, more)).map((violation) => violation.rule)).toContain(rule);
  });

  test('a run of which more than a hundredth came to no end', () => {
    const lost = { ...done, answers: [] };
    const good = Array.from({ length: 99 }, () => done);
    expect(checkRun([...good, lost])).toEqual([]);
    expect(checkRun([...good, lost, lost])).toMatchObject([{ rule: 'vacuity' }]);
    expect(checkRun([])).toMatchObject([{ rule: 'vacuity' }]);
  });

  test('callers who were told of two projects, twice that they were the first, or nothing', () => {
    const value = (project: string, replayed: boolean) => ({ value: { project, replayed } });
    expect(wrongAnswers('k', [value('p1', false), value('p1', true)])).toEqual([]);
    expect(wrongAnswers('k', [value('p1', false), value('p2', true)])).toHaveLength(1);
    expect(wrongAnswers('k', [value('p1', false), value('p1', false)])).toHaveLength(1);
    expect(wrongAnswers('k', [value('p1', false), { gone: true }])).toHaveLength(1);
  });
});

import { describe, expect, test } from 'vitest';
import { accepted, CALL, decide, DELETE, done, error, found, RESET, RESTART, value } from './made-up.js';

/** Controls of the rule of consent: each payment that nobody consented to, and beside it the nearest that somebody did. */
const paidTwice = [
  expect.stringMatching(/^paid: project project-2 .*another account.* to which nobody consented$/),
];

describe('a second accepted POST is a violation', () => {
  test('for which there are only calls, on whatever account', () => {
    expect(found({ accepted: accepted(1, 9), done: [done(CALL, 0, value('project-1'))] })).toEqual(paidTwice);
  });

  test.each([
    ['a restart', done(RESTART, 5, value('project-2'))],
    ['a reset', done(RESET, 5, { engine: 'reset to event 4' })],
    ['a termination', done({ do: 'terminate' }, 5, { engine: 'terminated' })],
    ['a resubmission without force', done(decide('resubmit', false), 5, value())],
    ['a forced adoption', done(decide('adopt', true), 5, value('project-1'))],
    ['a forced resubmission that was refused', done(decide('resubmit', true), 5, error('DecisionRefused'))],
    ['a forced resubmission that found the movie', done(decide('resubmit', true), 5, value('project-1'))],
    ['a forced resubmission that came later', done(decide('resubmit', true), 10, value())],
    [
      'a forced resubmission that was answered with an unforced one',
      done(decide('resubmit', true), 5, value(undefined, { decision: { at: 'then' } })),
    ],
    ['a deletion without a call after it', done(DELETE, 5, { engine: 'deleted' })],
    ['a deletion that the engine refused', done(DELETE, 5, { engine: 'refused: not found' })],
  ])('after %s', (_, deed) => {
    const early = done(CALL, 0, value(), 2);
    expect(found({ accepted: accepted(1, 9), done: [early, deed] }).slice(0, 1)).toEqual(paidTwice);
  });

  test('after a deletion, by a call that was under way long before it', () => {
    const waiting = done(CALL, 0, value('project-2'), 40);
    const deletion = done(DELETE, 20, { engine: 'deleted' });
    expect(found({ accepted: accepted(1, 30), done: [waiting, deletion] }).slice(0, 1)).toEqual(paidTwice);
  });

  test('when two people were answered with one forced decision, and three were accepted', () => {
    const decision = { at: 'then', force: true };
    const both = [3, 4].map((second) =>
      done(decide('resubmit', true), second, value(undefined, { decision })),
    );
    expect(found({ accepted: accepted(1, 5, 9), done: both })).toEqual([
      expect.stringMatching(/^paid: project project-3/),
    ]);
  });
});

describe('a second accepted POST is right', () => {
  test.each([
    ['that took effect', value()],
    ['whose answer did not come', error('DecisionPending')],
    ['whose caller had no patience', error('TimeoutError', { isTyped: false, wasAborted: true })],
  ])('after a forced resubmission %s', (_, told) => {
    expect(found({ accepted: accepted(1, 9), done: [done(decide('resubmit', true), 5, told)] })).toEqual([]);
  });

  test('after a deletion and a call that came then', () => {
    const deeds = [done(DELETE, 5, { engine: 'deleted' }), done(CALL, 8, value('project-2'))];
    expect(found({ accepted: accepted(1, 9), done: deeds })).toEqual([]);
  });
});
